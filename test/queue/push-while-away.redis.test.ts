import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/queue/connection.ts";
import { inboxOnRedis, jobsByHand, pushInboxOnRedis } from "../support/redis-inbox.ts";
import type { Keys } from "../../src/ledger/keys.ts";
import { startOwnRedis } from "../support/redis.ts";

const log = pino({ level: "silent" });

function event(name: string) {
  const body = { name, filler: "x".repeat(1_000) };
  return { vendor: "v", source: "v", type: "Told", fingerprint: name, bodyJson: JSON.stringify(body) };
}

/** Uses the kind of connection that a worker uses for pushes. */
async function setup() {
  const server = await startOwnRedis();
  const { url, keys } = server;
  const redis = connect({ place: { prefix: "test", url }, name: "test", log, use: "push" });
  onTestFinished(() => redis.disconnect());
  const inbox = pushInboxOnRedis({ redis, keys });
  const push = (name: string, patienceMs = 5_000) => inbox.push(event(name), 60_000, AbortSignal.timeout(patienceMs));
  return { server, redis, inbox, push, jobs: () => jobsOn(url, keys) };
}

/** The ids of the jobs, read over a separate connection. */
async function jobsOn(url: string, keys: Keys): Promise<readonly string[]> {
  const redis = connect({ place: { prefix: "test", url }, name: "look", log, use: "command" });
  onTestFinished(() => redis.disconnect());
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 400, callMs: 80 } });
  const hand = jobsByHand({ redis, keys, inbox });
  const found = await Promise.all((await hand.ids()).map((id) => hand.event(id)));
  await hand.close();
  return found.map((job) => job?.fingerprint ?? "").toSorted((a, b) => a.localeCompare(b));
}

/** The numbers of commands that the connection has yet to send, and that it awaits answers for. */
function queued(redis: object): readonly unknown[] {
  return ["offlineQueue", "commandQueue"].map((name) => Reflect.get(Reflect.get(redis, name) ?? {}, "length"));
}

test("a callback that is refused while Redis is away is never stored later", async () => {
  const { server, redis, push, jobs } = await setup();
  await push("before");
  await server.stop();

  const refused = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => push(`refused ${n}`, 300)));

  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  expect(queued(redis)).toEqual([0, 0]);
  await server.start();
  expect(await push("after")).toBe("add");
  expect(await jobs()).toEqual(["after", "before"]);
});

test("an event is stored if its vendor still waits when Redis returns", async () => {
  const { server, push, jobs } = await setup();
  await push("before");
  await server.stop();
  const waiting = push("waiting", 20_000);

  await server.start();

  expect(await waiting).toBe("add");
  expect(await jobs()).toEqual(["before", "waiting"]);
});

test("a callback is refused in time while Redis does not answer, and its repetition is one event", async () => {
  const { server, redis, push, jobs } = await setup();
  await push("before");
  server.freeze();

  await expect(push("twice", 300)).rejects.toThrow("Redis did not answer in time");

  server.resume();
  expect(await push("twice")).toBe("add");
  expect(await push("twice")).toBe("acknowledge");
  expect(await jobs()).toEqual(["before", "twice"]);
  expect(queued(redis)).toEqual([0, 0]);
});

test("commands that a frozen Redis has not read are dropped with their connection", async () => {
  const { server, redis, push } = await setup();
  await push("before");
  server.freeze();

  await Promise.allSettled(Array.from({ length: 50 }, (_, n) => push(`refused ${n}`, 100)));

  await expect.poll(() => queued(redis)).toEqual([0, 0]);
  expect(redis.status).not.toBe("ready");
});

test("a push is stored even if its connection breaks while BullMQ opens its queue", async () => {
  const { redis, inbox, push } = await setup();
  const { reserve } = inbox.steps;
  inbox.steps.reserve = async (...args) => {
    const reserved = await reserve(...args);
    // The next call goes to BullMQ, which asks Redis for its version.
    setImmediate(() => redis.stream.destroy());
    inbox.steps.reserve = reserve;
    return reserved;
  };

  expect(await push("first", 20_000)).toBe("add");
  expect(await push("second")).toBe("add");
});
