import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take 30 s or more in a full run, the longest first. None may begin when the others are almost done. */
export const LONGEST: readonly string[] = [
  "test/package/published.test.ts",
  "test/proof/chaos/chaos.test.ts",
  "test/proof/chaos/crash-windows.test.ts",
  "test/cli/doctor.e2e.test.ts",
  "test/soak.e2e.test.ts",
  "test/e2e/bad-surroundings.test.ts",
  "test/e2e/redis-full.test.ts",
  "test/e2e/redis-troubles.test.ts",
  "test/queue/inbox.redis.test.ts",
  "test/e2e/promise-7-orderly-stop.test.ts",
  "test/proof/chaos/rolling-restart.test.ts",
  "test/package/image.test.ts",
  "test/package/private-registry.test.ts",
  "test/browser/desk.test.ts",
  "test/browser/dashboard.test.ts",
  "test/cli/peek.e2e.test.ts",
  "test/bench/bench.e2e.test.ts",
  "test/e2e/health-states.test.ts",
  "test/cli/dev/dev.e2e.test.ts",
  "test/proof/hostile/receivers.test.ts",
  "test/proof/model/model-in-memory.test.ts",
  "test/proof/model/model-on-redis.test.ts",
  "test/e2e/ten-thousand-events.test.ts",
  "test/e2e/promise-2-no-event-is-lost.test.ts",
  "test/proof/failover/failover.test.ts",
  "test/e2e/push-doors.test.ts",
  "test/e2e/redis-shards.test.ts",
  "test/proof/night/night.test.ts",
  "test/e2e/strange-events.test.ts",
  "test/e2e/connections-in-trouble.test.ts",
  "test/redis/find-server.e2e.test.ts",
  "test/e2e/limits.test.ts",
  "test/cli/init.e2e.test.ts",
];

export default class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((one, other) => placeOf(one) - placeOf(other)));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place === -1 ? LONGEST.length : place;
}
