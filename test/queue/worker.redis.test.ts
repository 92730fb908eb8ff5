import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Processor } from "../../src/core/processor.ts";
import { connect } from "../../src/queue/connection.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { pushInboxOnRedis } from "../support/redis-inbox.ts";
import { startOwnRedis } from "../support/redis.ts";

test("a worker that starts while Redis is away takes jobs once it is there", async () => {
  const { url, keys, stop, start } = await startOwnRedis();
  const log = pino({ level: "silent" });
  await stop();
  const redis = connect({ place: { url }, name: "test", log, use: "worker" });
  const process = vi.fn<Processor["process"]>(async () => ({ kind: "handled" }));
  const meter = { count: vi.fn(), observe: vi.fn() };
  const failed = vi.fn();
  const worker = startWorker({
    redis,
    queue: keys.queue,
    name: "test",
    concurrency: 1,
    processor: { process },
    crashes: { excuse: vi.fn() },
    log,
    meter,
    failed,
  });
  onTestFinished(async () => {
    await worker.close(AbortSignal.timeout(1_000));
    redis.disconnect();
  });
  await new Promise((resolve) => void redis.once("close", () => resolve(undefined)));

  await start();

  const commands = connect({ place: { url }, name: "test", log, use: "command" });
  onTestFinished(() => commands.disconnect());
  const inbox = pushInboxOnRedis({ redis: commands, keys });
  const event = { vendor: "v", source: "v", type: "Told", fingerprint: "f", bodyJson: "{}" };
  await inbox.push(event, 1_000, AbortSignal.timeout(10_000));
  await vi.waitFor(() => expect(process).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(failed).not.toHaveBeenCalled();
});
