import type { Handler } from "reliable-callback";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { RedisPushInbox } from "../../src/queue/push-inbox.ts";
import { startApp } from "../../src/worker/app.ts";
import { setupRedis } from "../support/redis.ts";

const CROWD = 10_000;
const OTHERS = 100;
const SUFFIX = "a-suffix-nobody-guesses";
const log = pino({ level: "silent" });

test("events of other keys are handled while 10,000 wait for one key, and those follow when it is free", async () => {
  const { url, prefix } = setupRedis();
  const mended = Promise.withResolvers<void>();
  const handled: string[] = [];
  let inbox: RedisPushInbox | undefined;
  const handler: Handler = {
    vendor: "alibaba-vod",
    type: "Ordered",
    orderKey: ({ body }) => String(body["key"]),
    async run({ event }) {
      if (event.body["key"] === "crowd") await mended.promise;
      handled.push(`${String(event.body["key"])} ${String(event.body["n"])}`);
    },
  };
  const app = await startApp({
    config: readConfig({ REDIS_URL: url, QUEUE_PREFIX: prefix, CALLBACK_SUFFIX: SUFFIX, MAX_HELD: "20000", PORT: "0" }),
    handlers: { list: [handler] },
    log,
    beforeStart: (parts) => (inbox = parts.pushInbox),
  });
  onTestFinished(() => app.stop());
  const push = async (key: string, n: number): Promise<void> => {
    const body = { EventType: "Ordered", key, n };
    const about = { source: "alibaba-vod", vendor: "alibaba-vod", type: "Ordered", bodyJson: JSON.stringify(body) };
    await inbox?.push({ ...about, fingerprint: fingerprint("alibaba-vod", body) }, 60_000, AbortSignal.timeout(60_000));
  };
  const limits = async () => (await app.status()).limits;

  await push("crowd", 0);
  await Promise.all(Array.from({ length: CROWD }, (_, n) => push("crowd", n + 1)));
  await expect.poll(limits, { timeout: 30_000 }).toMatchObject([{ held: CROWD, placed: 1 }]);

  await Promise.all(Array.from({ length: OTHERS }, (_, n) => push(`other ${n}`, 0)));
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBe(OTHERS);
  expect(handled.filter((name) => name.startsWith("crowd"))).toEqual([]);
  expect(await limits()).toMatchObject([{ held: CROWD }]);

  mended.resolve();
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBeGreaterThan(OTHERS + 20);
  expect(handled[OTHERS]).toBe("crowd 0");
}, 120_000);
