import { expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { Recent } from "../../src/core/recent.ts";
import { redisTrouble } from "../../src/core/redis-trouble.ts";
import { createStatus } from "../../src/worker/status.ts";

test("a status read that is running when Redis goes away ends and reports that", async () => {
  let isReachable = true;
  const status = createStatus({
    config: readConfig({
      TENCENTCLOUD_SECRET_ID: "id",
      TENCENTCLOUD_SECRET_KEY: "key",
      REDIS_URL: "redis://127.0.0.1:1",
    }),
    name: "worker-1",
    version: "0",
    isReachable: () => isReachable,
    redisRefusal: () => redisTrouble("redis-no-connections"),
    operator: { queueStatus: never, counts: never },
    replicas: { list: never },
    sources: [],
    confirmers: new Map(),
    pollers: [],
    processor: undefined,
    work: undefined,
    watch: { seen: () => ({ findings: [], backlog: undefined }), redisFindings: () => [] },
    callbacks: never,
    recent: new Recent(),
    dataLoss: () => undefined,
    limits: () => [],
    ordered: [],
    heartbeatTrouble: () => undefined,
  });

  const reading = status();
  isReachable = false;

  expect(await reading).toMatchObject({ redis: { reachable: false } });
});

function never(): Promise<never> {
  return new Promise(() => {});
}
