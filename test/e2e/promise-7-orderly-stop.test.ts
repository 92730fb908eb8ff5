import { readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, test, vi } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { LAYOUT } from "../../src/ledger/layout.ts";
import { DOOR_NAMES } from "../../src/simulators/fleet.ts";
import { atEnd } from "../support/at-end.ts";
import { comesTo } from "../support/probes.ts";
import { startOwnRedis } from "../support/redis.ts";
import { PROJECT } from "../support/process.ts";
import { launch, setupWorld } from "../support/worker-process.ts";

async function setup() {
  return await setupWorld();
}

describe.concurrent("promise 7: the worker stops in order", () => {
  test("running handlers finish, their receipts go out, nothing new starts, exit 0", async () => {
    // The window is long enough for a slow machine: no receipt expires meanwhile.
    const { publish, start, runs, simulator, seen } = await setupWorld({ windowMs: 30_000 });
    const worker = await start({ CONCURRENCY: "5", SHUTDOWN_GRACE_MS: "10000" });
    for (let n = 0; n < 30; n++) publish(`f${n}`, { ms: 1_500 });
    await vi.waitFor(() => expect(runs()).toHaveLength(5));
    worker.send("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(
      runs()
        .map(({ phase }) => phase)
        .toSorted(),
    ).toEqual([...Array(5).fill("start"), ...Array(5).fill("success")]);
    expect(simulator.stats().confirmed).toBe(5);
    for (const { key } of runs()) expect(seen(key).confirmations).toBe(1);
  });

  test("the remaining events run in the next process, and none runs twice because of the stop", async () => {
    const { publish, start, runs, allConfirmed } = await setup();
    const first = await start({ CONCURRENCY: "5" });
    for (let n = 0; n < 60; n++) publish(`f${n}`, { ms: 100 });
    await vi.waitFor(() => expect(runs().length).toBeGreaterThan(20));
    const second = await start({ CONCURRENCY: "5" });
    first.send("SIGTERM");
    expect(await first.exited).toEqual({ code: 0, signal: null });
    await allConfirmed();
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(60);
    second.send("SIGTERM");
    expect(await second.exited).toEqual({ code: 0, signal: null });
  });

  test("a stop during the start aborts no handler", async () => {
    const { publish, start, runs, folder, env } = await setup();
    const redis = new Redis(env.REDIS_URL);
    // The worker looks at each of these sources before it reports its start.
    const gone = Array.from({ length: 1_000 }, (_, n) => `gone/${n}`);
    const { shared } = createKeys(env.QUEUE_PREFIX);
    await redis.set(shared.layout, LAYOUT);
    await redis.sadd(shared.sources, ...gone);
    redis.disconnect();
    const puller = await start({ ROLES: "pull", LOG_LEVEL: "debug" });
    publish("first", { ms: 500 });
    await puller.line("delivery");
    puller.send("SIGTERM");
    await puller.exited;
    const module = join(folder, "handlers.mjs");
    await writeFile(
      module,
      `import handlers from ${JSON.stringify(env.HANDLERS)};
      const run = (handler, context) => process.kill(process.pid, "SIGTERM") && handler.run(context);
      export default handlers.map((handler) => ({ ...handler, run: (context) => run(handler, context) }));`,
    );
    const worker = await start({ HANDLERS: module });
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(runs().map(({ phase }) => phase)).toEqual(["start", "success"]);
  });

  test("resources that handlers share are closed after the last handler", async () => {
    const { publish, start, runs, runsOf, env, folder } = await setup();
    const closed = join(folder, "closed");
    const module = join(folder, "handlers.mjs");
    await writeFile(
      module,
      `import { writeFileSync } from "node:fs";
      export { default } from ${JSON.stringify(env.HANDLERS)};
      export const close = () => writeFileSync(${JSON.stringify(closed)}, String(Date.now()));`,
    );
    const worker = await start({ HANDLERS: module });
    publish("long", { ms: 1_500 });
    await vi.waitFor(() => expect(runsOf("long")).toHaveLength(1));
    worker.send("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    const success = runs().find(({ phase }) => phase === "success");
    expect(Number(await readFile(closed, "utf8"))).toBeGreaterThanOrEqual(success?.at ?? Infinity);
  });

  test("a handler that outlasts the grace period is aborted near its end, and its event goes back without using an attempt", async () => {
    const { publish, start, runsOf, allConfirmed } = await setup();
    const first = await start({ ATTEMPTS: "1", SHUTDOWN_GRACE_MS: "2000" });
    publish("long", { ms: 5_000 });
    await vi.waitFor(() => expect(runsOf("long")).toHaveLength(1));
    const asked = Date.now();
    first.send("SIGTERM");
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const [, abort] = runsOf("long");
    expect((abort?.at ?? 0) - asked).toBeGreaterThan(1_000);
    await start({ ATTEMPTS: "1" });
    await allConfirmed();
    expect(runsOf("long").map(({ phase, attempt }) => [phase, attempt])).toEqual([
      ["start", 1],
      ["failure", 1],
      ["start", 1],
      ["success", 1],
    ]);
  });

  test("a handler that ignores its signal is left behind, and its event runs elsewhere without using an attempt", async () => {
    const { publish, start, runsOf, allConfirmed } = await setup();
    const first = await start({ ATTEMPTS: "1", SHUTDOWN_GRACE_MS: "1500" });
    publish("deaf", { ms: 6_000, deaf: true });
    await vi.waitFor(() => expect(runsOf("deaf")).toHaveLength(1));
    first.send("SIGTERM");
    expect(await first.exited).toEqual({ code: 0, signal: null });
    await start({ ATTEMPTS: "1" });
    await allConfirmed(40_000);
    expect(runsOf("deaf").map(({ phase, attempt }) => [phase, attempt])).toEqual([
      ["start", 1],
      ["start", 1],
      ["success", 1],
    ]);
  }, 60_000);

  test("a second signal, at least half a second after the first, ends the worker at once", async () => {
    const { publish, start, runsOf } = await setup();
    const worker = await start({ SHUTDOWN_GRACE_MS: "25000" });
    publish("long", { ms: 20_000 });
    await vi.waitFor(() => expect(runsOf("long")).toHaveLength(1));
    worker.send("SIGINT");
    await worker.line("stopping");
    const again = setInterval(() => worker.send("SIGINT"), 50);
    void worker.exited.then(() => clearInterval(again));
    expect(await worker.exited).toEqual({ code: 1, signal: null });
  });

  test("while Redis is away a stop still ends within the grace period", async () => {
    const redis = await startOwnRedis();
    const { start } = await setupWorld({ redis });
    const worker = await start({ SHUTDOWN_GRACE_MS: "2000" });
    await redis.stop();
    await worker.line("redis is away");
    const asked = Date.now();
    worker.send("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(8_000);
  });

  test.for(["SIGTERM", "SIGINT"] as const)(
    "%s ends `npm start` together with the worker and its private Redis",
    async (signal) => {
      const { publish, start, env, allConfirmed } = await setup();
      const project = await projectCopy();
      const worker = await start({ ...env, REDIS_URL: "" }, { ...project.npm("start"), group: signal === "SIGINT" });
      publish("one");
      await allConfirmed();
      worker.send(signal);
      expect((await worker.exited).code).toBe(0);
      expect(worker.lines()).toContainEqual(expect.objectContaining({ msg: "stopped" }));
      await comesTo(project.processes, []);
    },
  );

  test("the demo handles events within a minute, and Ctrl-C ends everything that it started", async () => {
    const project = await projectCopy();
    const env = { PORT: "0", TMPDIR: project.folder };
    const demo = await launch({ env, ...project.npm("run", "demo"), group: true });
    await demo.line("handled by the demo");
    const metrics = async () => await (await fetch(`${demo.url}/metrics`)).text();
    const sqs = "aws-mediaconvert/local/mediaconvert";
    for (const source of ["tencent-vod", "alibaba-vod/mns/vod-events", sqs])
      await comesTo(metrics, expect.stringContaining(`reliable_callback_confirmed_total{source="${source}"}`));
    for (const vendor of ["tencent-vod", "alibaba-vod", "zegocloud"])
      await comesTo(
        metrics,
        expect.stringContaining(`reliable_callback_callbacks_total{vendor="${vendor}",outcome="taken"}`),
      );
    for (const source of ["tencent-vod", "alibaba-vod/mns/vod-events", sqs, "alibaba-vod", "zegocloud"])
      await comesTo(metrics, expect.stringContaining(`reliable_callback_handled_total{source="${source}"`));
    const printed = [...demo.text().matchAll(/curl (\S+) -d '(.+)'/g)];
    expect(printed.map(([, , request = ""]) => JSON.parse(request).door)).toEqual(DOOR_NAMES);
    for (const [, url = "", body = ""] of printed)
      expect((await fetch(url, { method: "POST", body })).status).toBe(201);
    for (const page of ["/", "/dashboard"]) {
      expect(demo.text()).toContain(`${demo.pagesUrl}${page}\n`);
      expect((await fetch(`${demo.pagesUrl}${page}`)).status).toBe(200);
      expect((await fetch(`${demo.url}${page}`)).status, "callbacks and pages share no port").toBe(404);
    }
    demo.send("SIGINT");
    expect((await demo.exited).code).toBe(0);
    await comesTo(project.processes, []);
    expect(readdirSync(project.folder).filter((name) => name.startsWith("reliable-callback"))).toEqual([]);
  }, 60_000);
});

/** The project under another path: its own `.data`, no `.env`, and processes that can be told apart. */
async function projectCopy() {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-copy-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["package.json", "bin", "src", "node_modules", ".cache"])
    await symlink(join(PROJECT, name), join(folder, name));
  return {
    folder,
    npm: (...args: readonly string[]) => ({ command: ["npm", ...args] as const, cwd: folder }),
    /** The processes that still run in this folder, or below it. */
    processes: () =>
      readdirSync("/proc").filter((pid) => {
        try {
          return /^\d+$/.test(pid) && readlinkSync(join("/proc", pid, "cwd")).startsWith(folder);
        } catch {
          return false;
        }
      }),
  };
}
