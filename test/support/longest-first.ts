import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take 15 s or more in a full run, the longest of each lane first. None may begin when the others are almost
 * done.
 */
export const LONGEST: readonly string[] = [
  "test/package/published.test.ts",
  "test/e2e/redis-full.test.ts",
  "test/soak.e2e.test.ts",
  "test/e2e/bad-surroundings.test.ts",
  "test/package/image.test.ts",
  "test/e2e/health-states.test.ts",
  "test/browser/desk.test.ts",
  "test/e2e/promise-2-no-event-is-lost.test.ts",
  "test/e2e/redis-troubles.test.ts",
  "test/e2e/limits.test.ts",
  "test/e2e/vendor-says-no.test.ts",
  "test/e2e/promise-7-orderly-stop.test.ts",
  "test/e2e/redis-shards.test.ts",
  "test/browser/dashboard.test.ts",
  "test/browser/screenshots.test.ts",
  "test/cli/dev/dev.e2e.test.ts",
  "test/e2e/push-doors.test.ts",
  "test/bench/bench.e2e.test.ts",
  "test/e2e/connections-in-trouble.test.ts",
  "test/e2e/promise-3-handled-once.test.ts",
  "test/e2e/ten-thousand-events.test.ts",
  "test/e2e/mns-door.test.ts",
  "test/documents/examples.e2e.test.ts",
  "test/cli/simulate.e2e.test.ts",
  "test/e2e/promise-8-says-when-in-trouble.test.ts",
  "test/browser/contrast.test.ts",
  "test/e2e/redis-over-tls.test.ts",
  "test/e2e/valkey.test.ts",
  "test/e2e/batches.test.ts",
  "test/package/private-registry.test.ts",
  "test/e2e/log-of-a-night.test.ts",
  "test/e2e/promise-1-confirmed-only-after-success.test.ts",

  "test/proof/model/model-in-memory.test.ts",
  "test/proof/model/model-on-redis.test.ts",
  "test/proof/chaos/chaos.test.ts",
  "test/proof/chaos/crash-windows.test.ts",
  "test/proof/desk/desk.test.ts",
  "test/proof/failover/failover.test.ts",
  "test/proof/chaos/rolling-restart.test.ts",
  "test/proof/night/night.test.ts",
  "test/proof/hostile/receivers.test.ts",

  "test/queue/replication.redis.test.ts",
  "test/worker/limits.redis.test.ts",
  "test/worker/callbacks-pile-up.redis.test.ts",
  "test/queue/sentinels.redis.test.ts",
];

/**
 * The lanes take turns, and the short files of the e2e lane come last: a process serves the files of one lane only, and
 * another process costs more than a second.
 */
const TURNS = ["e2e", "proof", "redis"];

export default class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(
      files.toSorted((one, other) => turnOf(one) - turnOf(other) || placeOf(one) - placeOf(other)),
    );
  }
}

function turnOf(file: TestSpecification): number {
  const turn = TURNS.indexOf(file.project.name);
  return turn === 0 && placeOf(file) === LONGEST.length ? TURNS.length : turn;
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place === -1 ? LONGEST.length : place;
}
