import { request } from "node:http";
import { describe, expect, test } from "vitest";
import type { SimulatorOptions } from "../../src/simulators/tencent-vod/server.ts";
import { becomesReady, comesTo, isNotReadyFor, metric, replicas } from "../support/probes.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };
const DAY_MS = 86_400_000;

async function setup(account: Partial<SimulatorOptions> = {}) {
  const { redis, keys, ...keyspace } = setupRedis();
  const world = await setupWorld({ redis: keyspace, ...account });
  return { ...world, keys: keys.keysOf("tencent-vod"), redis };
}

describe.concurrent("promise 8: it says when it is in trouble, and when that is over", () => {
  test("it is not ready before the vendor has answered a pull", async () => {
    const { simulator, embed } = await setup();
    simulator.faults.inject({ action: "PullEvents", kind: "latency", ms: 4_000 });

    const worker = await embed();

    await isNotReadyFor(worker, /^tencent-vod: no pull was answered yet; /);
    expect(await metric(worker, "ready")).toBe(0);
    await becomesReady(worker);
    expect(await metric(worker, "ready")).toBe(1);
    expect(await metric(worker, 'source_last_pull_age_seconds{source="tencent-vod"}')).toBeLessThan(60);
  });

  test("it is not ready while pulls fail", async () => {
    const { simulator, embed } = await setup();
    const worker = await embed();
    await becomesReady(worker);

    simulator.faults.inject({ action: "PullEvents", kind: "http-500", probability: 1 });

    await isNotReadyFor(worker, /^tencent-vod: PullEvents: HTTP 500/);
    expect(await metric(worker, "ready")).toBe(0);
    expect(await metric(worker, 'source_failing{source="tencent-vod"}')).toBe(1);
    expect(await worker.line("pull failed, will go on trying")).toMatchObject({ level: 40 });

    simulator.faults.clear();
    await becomesReady(worker);
    expect(await metric(worker, "ready")).toBe(1);
    expect(await metric(worker, 'source_failing{source="tencent-vod"}')).toBe(0);
    expect(await worker.line("pulling again")).toMatchObject({ level: 30 });
  });

  test("it is not ready while confirmations fail", async () => {
    const { simulator, embed, publish, allConfirmed } = await setup();
    const worker = await embed();
    simulator.faults.inject({ action: "ConfirmEvents", kind: "http-500", probability: 1 });
    publish("handled");

    await isNotReadyFor(worker, /^tencent-vod: ConfirmEvents: HTTP 500/);

    simulator.faults.clear();
    await allConfirmed();
    await becomesReady(worker);
  });

  test("it is not ready while Redis is away", async () => {
    const redis = await startOwnRedis();
    const { embed, publish, allConfirmed } = await setupWorld({ redis });
    const worker = await embed();
    await becomesReady(worker);

    await redis.kill9();

    // Which message comes depends on whether the worker was reading its status when Redis went away.
    await isNotReadyFor(worker, /^(Redis is away; work goes on when it returns$|status takes too long: Redis away\?)/);
    expect(await metric(worker, "ready")).toBe(0);
    expect(await metric(worker, "redis_reachable")).not.toBe(1);
    expect(await worker.line("redis is away, waiting for it")).toMatchObject({ level: 40, reason: expect.any(String) });

    await redis.start();
    await becomesReady(worker);
    await comesTo(() => metric(worker, "redis_reachable"), 1);
    publish("afterwards");
    await allConfirmed();
  });

  test("it is not ready while the queue is paused by hand", async () => {
    const { embed, publish, runsOf, allConfirmed } = await setup();
    const worker = await embed();
    const press = (button: string) =>
      fetch(`${worker.pagesUrl}/dashboard/api/queues/events/${button}`, { method: "PUT", headers: SAME_ORIGIN });

    expect((await press("pause")).status).toBe(200);

    await isNotReadyFor(worker, /^the queue is paused, no job starts; resume it on \/dashboard$/);
    expect(await metric(worker, "ready")).toBe(0);
    expect(await metric(worker, "queue_paused")).toBe(1);
    publish("held");
    await comesTo(() => metric(worker, 'queue_events{state="waiting"}'), 1);
    expect(runsOf("held")).toEqual([]);

    expect((await press("resume")).status).toBe(200);
    await allConfirmed();
    await becomesReady(worker);
    expect(await metric(worker, "queue_paused")).toBe(0);
  });

  test("it reports when an event is about to expire at the vendor, until the event is handled or discarded", async () => {
    const { embed, publish, runsOf, allConfirmed, redis, keys } = await setup();
    const worker = await embed();
    publish("old", { permanent: true });
    await worker.line("parked: it stays");
    await becomesReady(worker);
    const { unconfirmed } = keys;
    const [fingerprint = ""] = await redis.zrange(unconfirmed, 0, "-1");

    await redis.zincrby(unconfirmed, -3.5 * DAY_MS, fingerprint);

    await isNotReadyFor(worker, /^tencent-vod: the vendor deletes the oldest unconfirmed event in 12 hours; /);
    expect(await metric(worker, "ready")).toBe(0);
    expect(await metric(worker, 'source_retention_seconds{source="tencent-vod"}')).toBe((4 * DAY_MS) / 1_000);
    expect(await metric(worker, 'source_oldest_unconfirmed_seconds{source="tencent-vod"}')).toBeCloseTo(302_400, -2);
    const other = await embed();
    expect(await other.line("the vendor deletes the oldest unconfirmed event")).toMatchObject({
      level: 50,
      unconfirmed: 1,
      hours: 84,
    });

    const body = new URLSearchParams({ id: runsOf("old")[0]?.id ?? "", reason: "nobody needs it" });
    await fetch(`${worker.pagesUrl}/events/discard`, {
      method: "POST",
      headers: SAME_ORIGIN,
      body,
      redirect: "manual",
    });
    await allConfirmed();
    await becomesReady(worker);
    expect(await metric(worker, 'source_oldest_unconfirmed_seconds{source="tencent-vod"}')).toBeUndefined();
  });

  test("it reports when parked events are so many that they crowd out others", async () => {
    // One pull per second brings 16 events, and each event returns after a second. A quarter of 16 is 4.
    const { embed, publish, runsOf } = await setup({ windowMs: 1_000 });
    const worker = await embed({ TENCENT_VOD_MAX_QPS: "1" });
    for (let n = 0; n < 5; n++) publish(`bad ${n}`, { permanent: true });

    await isNotReadyFor(worker, /^5 events are parked; .*; retry or discard them, or set PARKED=confirm$/);
    expect(await metric(worker, "ready")).toBe(0);
    expect(await metric(worker, 'queue_events{state="parked"}')).toBe(5);

    const body = new URLSearchParams({ id: runsOf("bad 0")[0]?.id ?? "", reason: "one too many" });
    await fetch(`${worker.pagesUrl}/events/discard`, {
      method: "POST",
      headers: SAME_ORIGIN,
      body,
      redirect: "manual",
    });
    await becomesReady(worker);
    expect(await metric(worker, 'queue_events{state="parked"}')).toBe(4);
  });
});

describe.concurrent("access to the pages:", () => {
  test("processes with role pull or work alone answer probes and have no pages", async () => {
    const { start, publish, runsOf, allConfirmed } = await setup();
    const [puller, worker, pages] = await Promise.all([
      start({ ROLES: "pull" }),
      start({ ROLES: "work" }),
      start({ ROLES: "http" }),
    ]);
    publish("through both");
    await allConfirmed();

    expect(runsOf("through both").map(({ pid }) => pid)).toEqual([worker.pid, worker.pid]);
    for (const part of [puller, worker, pages]) {
      await becomesReady(part);
      expect(await metric(part, "ready")).toBe(1);
      expect((await fetch(`${part.url}/healthz`)).status).toBe(200);
      for (const path of ["/", "/status.json", "/dashboard", "/dashboard/api/queues"])
        expect((await fetch(`${part.url}${path}`)).status).toBe(part === pages ? 200 : 404);
    }
    expect(await metric(puller, 'deliveries_total{source="tencent-vod",verdict="add"}')).toBe(1);
    expect(await metric(worker, 'handled_total{source="tencent-vod",type="NewFileUpload"}')).toBe(1);
  });

  test("the first page lists every running replica, until it stops", async () => {
    const { embed, publish, allConfirmed } = await setup();
    const [all, worker] = await Promise.all([embed(), embed({ ROLES: "work" })]);
    const roles = async () => (await replicas(all)).map((replica) => replica.roles.join(" ")).toSorted();
    await comesTo(roles, ["pull work http", "work"]);
    publish("anything");
    await allConfirmed();
    const pulled = async () => (await replicas(all)).filter(({ lastPullAt }) => lastPullAt !== undefined).length;
    await comesTo(pulled, 1);
    expect((await replicas(all)).every(({ sources }) => sources.join() === "tencent-vod")).toBe(true);
    expect(await (await fetch(`${all.pagesUrl}/`)).text()).toMatch(/(id="replica-[^]*){2}/);

    await worker.stop();
    await comesTo(roles, ["pull work http"]);
  });

  test("without a password the pages open only under a loopback name, the probes under any name", async () => {
    const { embed } = await setup();
    const { url } = await embed();
    const { port } = new URL(url);

    for (const path of ["/", "/status.json", "/dashboard", "/dashboard/api/queues"]) {
      expect(await statusUnder("worker.example.com", url, path)).toBe(403);
      expect(await statusUnder(`127.0.0.1.example.com:${port}`, url, path)).toBe(403);
      expect(await statusUnder(`localhost:${port}`, url, path)).toBe(200);
    }
    for (const path of ["/healthz", "/metrics"]) expect(await statusUnder("worker.example.com", url, path)).toBe(200);
  });

  test("with a password the pages open to everybody who has it, under any name", async () => {
    const { embed } = await setup();
    const { url } = await embed({ DASHBOARD_PASSWORD: "open sesame!" });

    for (const path of ["/", "/status.json", "/dashboard", "/dashboard/api/queues"]) {
      expect(await statusUnder("localhost", url, path)).toBe(401);
      expect(await statusUnder("localhost", url, path, basic("open barley"))).toBe(401);
      expect(await statusUnder("worker.example.com", url, path, basic("open sesame!"))).toBe(200);
    }
  });
});

function basic(password: string): string {
  return `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
}

/** `fetch` sets the Host header itself. */
function statusUnder(host: string, url: string, path: string, authorization?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...(authorization !== undefined && { authorization }) };
    const call = request(`${url}${path}`, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on("error", reject).end();
  });
}
