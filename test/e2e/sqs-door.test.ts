import { expect, test, vi } from "vitest";
import { NO_TENCENT } from "../support/doors.ts";
import { becomesReady, openEvents } from "../support/probes.ts";
import { setupRedis } from "../support/redis.ts";
import type { Script } from "../support/scripted-handlers.ts";
import { setupWorld } from "../support/worker-process.ts";
import { jobEvent, KEYS, QUEUE, simulated } from "../vendors/aws-mediaconvert/pull/simulated.ts";

async function setup() {
  const { url, prefix } = setupRedis();
  const { simulator: sqs } = await simulated();
  const { start, runsOf } = await setupWorld({ redisUrl: url, prefix });
  const env = {
    ...NO_TENCENT,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_SESSION_TOKEN: KEYS.sessionToken,
    AWS_MEDIACONVERT_QUEUE_URLS: sqs.queueUrl(QUEUE),
    BACKOFF_MS: "20",
  };
  return {
    sqs,
    publish: (Key: string, script: Script = {}) =>
      sqs.publish({ ...jobEvent("COMPLETE"), id: Key, Key, Script: script }),
    phasesOf: (key: string) => runsOf(key).map(({ phase }) => phase),
    start: () => start(env),
  };
}

test("events of an SQS queue are handled, and deleted only after that", async () => {
  const { sqs, start, publish, phasesOf } = await setup();
  publish("quick");
  publish("flaky", { failures: 2 });
  publish("hopeless", { permanent: true });

  const worker = await start();

  await vi.waitFor(() => expect(sqs.stats().confirmed).toBe(2), { timeout: 20_000, interval: 50 });
  expect(phasesOf("quick")).toEqual(["start", "success"]);
  expect(phasesOf("flaky").at(-1)).toBe("success");
  expect(phasesOf("hopeless")).toEqual(["start", "failure"]);
  await becomesReady(worker);
  expect(await openEvents(worker)).toMatchObject([
    { source: `aws-mediaconvert/local/${QUEUE}`, type: "COMPLETE", state: "parked" },
  ]);
});
