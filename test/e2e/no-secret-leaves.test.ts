import { createServer } from "node:http";
import { Redis } from "ioredis";
import type { Keys } from "../../src/ledger/keys.ts";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const SECRET_KEY = "a-secret-key-0123456789-abcdef";
const FORWARD_SECRET = `whsec_${Buffer.from("a secret to sign with, for a receiver").toString("base64")}`;
const PASSWORD = "a dashboard password";
const SIGNED_IN = { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}` };
const CANARY = "canary-of-a-payload";

async function setup() {
  const own = await startOwnRedis();
  const redis = new Redis(own.url);
  onTestFinished(() => redis.disconnect());
  const world = await setupWorld({ redis: own, secretKey: SECRET_KEY, windowMs: 3_000 });
  const worker = await world.start({
    TENCENTCLOUD_SECRET_KEY: SECRET_KEY,
    FORWARD_URL: await receiverThatFails(),
    FORWARD_SECRET,
    DASHBOARD_PASSWORD: PASSWORD,
    LOG_LEVEL: "trace",
    ATTEMPTS: "2",
    BACKOFF_MS: "50",
  });
  return {
    ...world,
    redis,
    keys: own.keys,
    worker,
    redisPassword: new URL(own.url).password,
    /** Waits until one line of the log says all of this. */
    said(...parts: readonly string[]): Promise<void> {
      const isSaid = () =>
        worker
          .text()
          .split("\n")
          .some((line) => parts.every((part) => line.includes(part)));
      return expect.poll(isSaid, { interval: 50, message: parts.join(", ") }).toBe(true);
    },
    async page(path: string, statuses = [200]): Promise<string> {
      const answer = await fetch(`${worker.url}${path}`, { headers: SIGNED_IN });
      expect(statuses, path).toContain(answer.status);
      return await answer.text();
    },
  };
}

test("no key, password or receipt appears in logs, pages, metrics or answers, whatever goes wrong", async () => {
  const { simulator, worker, redis, keys, redisPassword, publish, seen, runsOf, said, page } = await setup();

  // Handlers that fail now and then, always and for good, and a receiver that fails.
  publish("flaky", { failures: 1 });
  publish("bad", { failures: 9 });
  publish("hopeless", { permanent: true });
  simulator.publish("FileDeleted", { body: { FileId: CANARY } });
  await said("attempt 1 fails, says the test", "handler failed, will try again");
  await said("hopeless, says the test", "parked");
  await said("FileDeleted", "500", "parked");

  // A vendor that fails, and quotes what it was told.
  for (const action of ["PullEvents", "ConfirmEvents"] as const) {
    simulator.faults.inject({ action, kind: "error", code: "FailedOperation", message: `not with ${SECRET_KEY}` });
    simulator.faults.inject({ action, kind: "http-500" });
    simulator.faults.inject({ action, kind: "non-json" });
  }
  publish("confirmed late");
  await vi.waitFor(() => expect(seen("confirmed late").confirmedAt).toBeDefined());
  await said("FailedOperation", "(hidden)", "pull failed");
  await said("FailedOperation", "(hidden)", "confirmation got no answer");

  // A Redis that takes no writes while a handler ends and a confirmation is under way, and then no password.
  simulator.faults.inject({ action: "ConfirmEvents", kind: "latency", ms: 1_500 });
  publish("confirmed while Redis refuses");
  publish("handled while Redis refuses", { ms: 1_500 });
  const underWay = () => simulator.faults.list().find(({ kind }) => kind === "latency")?.hits;
  await vi.waitFor(() => expect([underWay(), runsOf("handled while Redis refuses").length]).toEqual([1, 1]));
  await redis.config("SET", "min-replicas-to-write", 1);
  await said("NOREPLICAS", "cannot store that the event was handled");
  await said("NOREPLICAS", "confirming failed");
  await redis.config("SET", "min-replicas-to-write", 0);
  await redis.config("SET", "requirepass", "another-password");
  await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await said("WRONGPASS", "refuses this worker");
  await redis.config("SET", "requirepass", redisPassword);
  await said("redis is back");
  await vi.waitFor(async () => expect(await page("/readyz")).toContain("true"));

  const receipts = () => simulator.history().flatMap(({ deliveries }) => deliveries.map(({ handle }) => handle));
  await vi.waitFor(() => expect(receipts().length).toBeGreaterThanOrEqual(8));

  const board = await page("/dashboard/api/queues?activeQueue=events&status=latest&page=1&jobsPerPage=100");
  const ids = jobIdsIn(board);
  expect(ids.length).toBeGreaterThanOrEqual(5);
  const jobs = await Promise.all(ids.map((id) => page(`/dashboard/api/queues/events/${id}`)));
  const open = { log: worker.text(), metrics: await page("/metrics"), readyz: await page("/readyz", [200, 503]) };
  const guarded = {
    status: await page("/status.json"),
    desk: await page("/"),
    found: await page("/events?search="),
    events: (await Promise.all(ids.map((id) => page(`/events/${id}`)))).join("\n"),
    api: (await Promise.all(ids.map((id) => page(`/api/events/${id}`)))).join("\n"),
    board: [board, ...jobs].join("\n"),
    redis: JSON.stringify(await jobsIn(redis, keys)),
  };
  expect(guarded.redis).toContain(CANARY);
  for (const [place, text] of Object.entries({ ...open, ...guarded })) {
    expect(text.length, place).toBeGreaterThan(10);
    for (const secret of [SECRET_KEY, redisPassword, PASSWORD, FORWARD_SECRET, FORWARD_SECRET.slice(6), ...receipts()])
      expect(text, place).not.toContain(secret);
  }
  for (const [place, text] of Object.entries(open)) expect(text, place).not.toContain(CANARY);
});

async function receiverThatFails(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(500).end("no"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return `http://127.0.0.1:${address.port}/events`;
}

function jobIdsIn(board: string): readonly string[] {
  const Jobs = z.object({ queues: z.tuple([z.object({ jobs: z.array(z.object({ id: z.string() })) })]) });
  return Jobs.parse(JSON.parse(board)).queues[0].jobs.map(({ id }) => id);
}

/** Every job as Redis keeps it. Receipts belong into the ledger, not here. */
async function jobsIn(redis: Redis, { keysOf }: Keys) {
  const jobs = await redis.keys(keysOf("").job("ev-*"));
  return await Promise.all(jobs.map(async (key) => ((await redis.type(key)) === "hash" ? redis.hgetall(key) : key)));
}
