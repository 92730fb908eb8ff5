import { UnrecoverableError, Worker } from "bullmq";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createOperator } from "../../src/queue/operator.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { RecordingMeter } from "../support/recording.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";

const source = {
  name: "tencent-vod",
  vendor: "tencent-vod",
  windowMs: 60_000,
  retentionMs: 4 * 24 * 3_600_000,
  batchSize: 16,
  maxCallsPerSecond: 1_000,
};
const IN_ORDER = ["parked", "delayed", "handled", "running", "waiting"] as const;

function setup() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker(keys.queue.name, null, {
    connection,
    prefix: keys.queue.prefix,
    settings: { backoffStrategy: () => 60_000 },
  });
  onTestFinished(async () => {
    await Promise.all([worker.close(), inbox.close()]);
    connection.disconnect();
  });
  const operator = createOperator({
    redis,
    inbox,
    sources: [source.name],
    maxWaiting: 1_000,
    confirm: () => {},
    log: pino({ level: "silent" }),
    meter: new RecordingMeter(),
  });
  return { inbox, worker, operator };
}

test("each open event is in the state that people know it by, and so are the counts", async () => {
  const { inbox, worker, operator } = setup();
  const deliveries = IN_ORDER.map((state) => delivery(source, state));
  const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), deliveries);
  const ids = acceptances.map((one) => (one.verdict === "add" ? one.id : ""));
  const next = async () => {
    const job = await worker.getNextJob("test");
    if (!job) throw new Error("no job waits");
    return job;
  };

  const [parked, delayed, handled] = [await next(), await next(), await next()];
  await next();
  await parked.moveToFailed(new UnrecoverableError("hopeless"), "test");
  delayed.opts.attempts = 2;
  await delayed.moveToFailed(new Error("not now"), "test");
  await inbox.mark({ id: handled.id ?? "", ...handled.data }, true);
  await handled.moveToCompleted("", "test", false);

  const seen = new Map((await operator.openEvents(10)).map(({ id, state }) => [id, state]));
  expect(ids.map((id) => seen.get(id))).toEqual(IN_ORDER);
  expect(await operator.queueStatus()).toMatchObject({ parked: 1, delayed: 1, running: 1, waiting: 1, completed: 1 });
});
