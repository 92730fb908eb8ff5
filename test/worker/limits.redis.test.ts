import type { Handler } from "reliable-callback";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { readConfig } from "../../src/config/config.ts";
import { startApp } from "../../src/worker/app.ts";
import { setupRedis } from "../support/redis.ts";

const SUFFIX = "a-suffix-nobody-guesses";
const log = pino({ level: "silent" });

/** Workers on the same keys, one after another. */
function setup() {
  const { url, prefix, redis, keys } = setupRedis();
  const settings = {
    REDIS_URL: url,
    QUEUE_PREFIX: prefix,
    CALLBACK_SUFFIX: SUFFIX,
    MAX_HELD: "2",
    PORT: "0",
  };
  return {
    redis,
    gates: keys.keysOf("").gates,
    async start(list: readonly Handler[], extra: Record<string, string> = {}) {
      const app = await startApp({ config: readConfig({ ...settings, ...extra }), handlers: { list }, log });
      onTestFinished(() => app.stop());
      const call = async (EventType: string, n: number) => {
        const body = JSON.stringify({ EventType, n });
        return (await fetch(`${app.url}/callbacks/alibaba-vod/${SUFFIX}`, { method: "POST", body })).status;
      };
      return { app, call };
    },
  };
}

test("callbacks beyond a handler's MAX_HELD get 503 and make the worker not ready, and others are accepted", async () => {
  const { start } = setup();
  const mended = Promise.withResolvers<void>();
  const limited: Handler = { vendor: "alibaba-vod", type: "Limited", concurrency: 1, run: () => mended.promise };
  const handled: string[] = [];
  const other: Handler = { vendor: "*", type: "*", run: ({ event }) => void handled.push(event.type) };
  const { app, call } = await start([limited, other]);

  const answers: number[] = [];
  for (const n of [1, 2, 3, 4, 1]) answers.push(await call("Limited", n));
  expect(answers).toEqual([200, 200, 200, 503, 200]);
  expect(await call("Other", 1)).toBe(200);
  await expect.poll(() => handled).toEqual(["Other"]);
  await expect
    .poll(() => app.status(), { timeout: 30_000, interval: 250 })
    .toMatchObject({
      state: "attention",
      ready: true,
      limits: [{ handler: "alibaba-vod Limited", held: 2, placed: 1, maxHeld: 2 }],
      problems: [{ code: "limit-full", fact: expect.stringContaining("alibaba-vod Limited") }],
    });
  mended.resolve();
  await expect.poll(async () => (await app.status()).limits).toMatchObject([{ held: 0 }]);
  expect(await call("Limited", 4)).toBe(200);
  await app.stop();
});

test("an operator pauses, limits and releases a handler without limits of its own, in all workers", async () => {
  const { start } = setup();
  let [running, most] = [0, 0];
  const ran: unknown[] = [];
  const plain: Handler = {
    vendor: "alibaba-vod",
    type: "Plain",
    async run({ event }) {
      most = Math.max(most, ++running);
      await sleep(20);
      running -= 1;
      ran.push(event.body["n"]);
    },
  };
  const settings = { MAX_HELD: "1000", PAGES_PORT: "0" };
  const workers = [await start([plain], settings), await start([plain], settings)];
  const [one, other] = workers.map(({ call }) => call);
  const handler = "alibaba-vod Plain";
  const limit = async (said: Record<string, unknown>) => {
    const to = `${workers[0]?.app.pagesUrl ?? workers[0]?.app.url}/handlers/limit`;
    const sent = { headers: { "content-type": "application/json" }, body: JSON.stringify({ handler, ...said }) };
    expect((await fetch(to, { method: "POST", ...sent })).status).toBe(200);
  };
  const heldBy = (held: number) => [{ handler, held, placed: 0, maxHeld: 1_000 }];

  await limit({ paused: true });
  for (const { app } of workers) await expect.poll(async () => (await app.status()).limits).toEqual(heldBy(0));
  for (let n = 0; n < 70; n++) expect(await (n % 2 ? one : other)?.("Plain", n)).toBe(200);
  await expect.poll(async () => (await workers[0]?.app.status())?.limits).toEqual(heldBy(70));
  expect(ran).toEqual([]);

  await limit({ paused: false, concurrency: 2 });
  await expect.poll(() => ran.length).toBeGreaterThan(5);
  await expect.poll(() => most).toBe(2);

  await limit({ concurrency: null });
  await expect.poll(() => new Set(ran).size).toBe(70);
  expect(ran).toHaveLength(70);
  for (const { app } of workers) await expect.poll(async () => (await app.status()).limits ?? []).toEqual([]);
});

test("events that a handler's limit held run when its next version has no limits", async () => {
  const { start, redis, gates } = setup();
  const ran: unknown[] = [];
  const stuck: Handler = {
    vendor: "alibaba-vod",
    type: "Limited",
    concurrency: 1,
    run: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const first = await start([stuck], { SHUTDOWN_GRACE_MS: "100" });
  for (const n of [1, 2, 3]) expect(await first.call("Limited", n)).toBe(200);
  await expect.poll(async () => (await first.app.status()).limits).toMatchObject([{ held: 2 }]);
  await first.app.stop();

  await start([{ vendor: "alibaba-vod", type: "Limited", run: ({ event }) => void ran.push(event.body["n"]) }]);
  await expect.poll(() => new Set(ran)).toEqual(new Set([1, 2, 3]));
  await expect.poll(() => redis.hgetall(gates)).toEqual({});
});

test("a process that takes events in without handlers is refused while workers order events, and starts together with them", async () => {
  const { start } = setup();
  const ordered: Handler = { vendor: "alibaba-vod", type: "Limited", run: () => {}, orderKey: () => "one" };
  const worker = await start([ordered]);
  await expect.poll(async () => (await worker.app.status()).limits).toHaveLength(1);

  await expect(start([], { ROLES: "http" })).rejects.toThrow(
    /^HANDLERS: .*ROLES=http.* no handlers, but the workers order those of alibaba-vod Limited with orderBy; give it the same handlers$/,
  );
  const { app } = await start([ordered], { ROLES: "http" });
  expect((await app.status()).roles).toEqual(["http"]);
});

test("a process that started before any worker that orders events is reported by the workers", async () => {
  const { start } = setup();
  await start([], { ROLES: "http" });
  const ordered: Handler = { vendor: "alibaba-vod", type: "Limited", run: () => {}, orderKey: () => "one" };
  const { app } = await start([ordered]);

  await expect
    .poll(async () => (await app.status()).problems)
    .toMatchObject([
      {
        code: "order-unknown",
        fact: expect.stringMatching(
          / takes events in and has no handlers, so it does not keep the orderBy order of alibaba-vod Limited/,
        ),
      },
    ]);
});
