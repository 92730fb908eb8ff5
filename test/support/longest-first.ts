import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take half a minute or more, the longest first: none of them may begin when the others are about to end. */
export const LONGEST: readonly string[] = [
  "test/package/published.test.ts",
  "test/proof/chaos/chaos.test.ts",
  "test/e2e/redis-full.test.ts",
  "test/proof/chaos/crash-windows.test.ts",
  "test/cli/dev/dev.e2e.test.ts",
  "test/soak.e2e.test.ts",
  "test/e2e/redis-troubles.test.ts",
  "test/cli/doctor.e2e.test.ts",
  "test/e2e/bad-surroundings.test.ts",
  "test/e2e/health-states.test.ts",
  "test/browser/dashboard.test.ts",
  "test/e2e/promise-7-orderly-stop.test.ts",
  "test/proof/chaos/rolling-restart.test.ts",
  "test/e2e/push-doors.test.ts",
  "test/package/image.test.ts",
  "test/e2e/promise-8-says-when-in-trouble.test.ts",
  "test/bench/bench.e2e.test.ts",
  "test/queue/inbox.redis.test.ts",
  "test/e2e/vendor-says-no.test.ts",
  "test/e2e/promise-3-handled-once.test.ts",
  "test/package/private-registry.test.ts",
  "test/e2e/promise-2-no-event-is-lost.test.ts",
  "test/cli/peek.e2e.test.ts",
  "test/proof/night/night.test.ts",
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
