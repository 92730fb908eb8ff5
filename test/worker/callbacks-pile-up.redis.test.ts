import type { Handler } from "reliable-callback";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { startApp } from "../../src/worker/app.ts";
import { openPushes } from "../../src/worker/pushes.ts";
import { setupRedis } from "../support/redis.ts";

const SUFFIX = "a-suffix-nobody-guesses";

test("when too many callbacks wait, the worker answers 503, is not ready, and says how to make room", async () => {
  const { url, prefix } = setupRedis();
  const mended = Promise.withResolvers<void>();
  const handler: Handler = { vendor: "*", type: "*", run: () => mended.promise };
  const settings = {
    REDIS_URL: url,
    QUEUE_PREFIX: prefix,
    CALLBACK_SUFFIX: SUFFIX,
    CALLBACK_MAX_WAITING: "2",
    PORT: "0",
  };
  const config = readConfig(settings);
  const app = await startApp({ config, handlers: { list: [handler] }, log: pino({ level: "silent" }) });
  onTestFinished(() => app.stop());
  const call = async (type: string) => {
    const body = JSON.stringify({ EventType: type });
    return (await fetch(`${app.url}/callbacks/alibaba-vod/${SUFFIX}`, { method: "POST", body })).status;
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    return text.split("\n").find((line) => line.startsWith(`reliable_callback_${name} `));
  };

  const probe = async () => (await fetch(`${app.url}/readyz/callbacks`)).status;
  expect(await probe()).toBe(200);

  expect([await call("first"), await call("second"), await call("third"), await call("first")]).toEqual([
    200, 200, 503, 200,
  ]);

  await expect
    .poll(() => app.status())
    .toMatchObject({
      ready: false,
      callbacks: { waiting: 2, maxWaiting: 2 },
      problems: [
        {
          code: "callbacks-refused",
          fact: expect.stringMatching(/^callbacks are answered 503: 2 of at most 2 /),
          fix: expect.stringContaining("CALLBACK_MAX_WAITING or "),
        },
      ],
    });
  expect(await probe()).toBe(503);
  expect(await metric("callbacks_waiting")).toBe("reliable_callback_callbacks_waiting 2");
  expect(await metric("callbacks_max_waiting")).toBe("reliable_callback_callbacks_max_waiting 2");
  mended.resolve();
  await expect.poll(async () => (await app.status()).ready).toBe(true);
  expect(await probe()).toBe(200);
  expect(await call("third")).toBe(200);
});

test("the log reports that callbacks pile up before the first one is refused", async () => {
  const { url, redis, keys } = setupRedis();
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const limits = { maxWaiting: 4, maxWaitingBytes: 1_000 };
  const open = () => {
    const pushes = openPushes({
      redis,
      keys,
      shards: [{ keys, redis, place: { prefix: "test", url } }],
      name: "test",
      sources: ["loud"],
      attempts: 1,
      limits,
      limitsOf: () => undefined,
      log,
    });
    onTestFinished(() => pushes.close());
    return pushes;
  };
  const { inbox } = open();
  const push = async (fingerprint: string) => {
    const event = { vendor: "loud", source: "loud", type: "Told", fingerprint, bodyJson: "{}" };
    return await inbox.push(event, 60_000, AbortSignal.timeout(10_000));
  };
  for (const name of ["a", "b"]) await push(name);
  const quiet = open();
  quiet.watch();
  await quiet.status();
  await quiet.close();
  expect(lines).toEqual([]);

  await push("c");
  open().watch();

  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toContain('"waiting":3');
  expect(lines[0]).toContain("soon new ones are answered 503");
});
