import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Meter } from "../../src/core/meter.ts";
import { createWaitingPushes, type PushLimits } from "../../src/ledger/waiting-pushes.ts";
import { connect } from "../../src/queue/connection.ts";
import { createOperator } from "../../src/queue/operator.ts";
import { inboxOnRedis, jobsByHand, pushInboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms({ name: "loud", vendor: "loud" });
const NOTHING = { waiting: 0, waitingBytes: 0 };
const log = pino({ level: "silent" });
const meter: Meter = { count: () => {}, observe: () => {} };

function setup({ maxWaiting = 1_000, ...limits }: Partial<PushLimits> = {}) {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 }, maxWaiting: 2 });
  const other = redis.duplicate();
  onTestFinished(() => other.disconnect());
  const replicas = [redis, other].map((connection) =>
    pushInboxOnRedis({ redis: connection, keys, maxWaiting, ...limits }),
  );
  const [first] = replicas;
  const jobs = jobsByHand({ redis, keys, inbox });
  const pushes = createWaitingPushes(redis, keys, ["loud", "loud/15"]);
  const idOf = async (fingerprint: string) => {
    for (const id of await jobs.ids()) if ((await jobs.event(id))?.fingerprint === fingerprint) return id;
    throw new Error(`${fingerprint} is no job`);
  };
  return {
    redis,
    inbox,
    jobs,
    pushes,
    replicas,
    steps: first?.steps,
    idOf,
    push: async (fingerprint: string, bytes = 10, pushInbox = first) =>
      await pushInbox?.push(eventOf(fingerprint, bytes), 60_000, AbortSignal.timeout(10_000)),
    async pull(fingerprint: string) {
      const delivery = { fingerprint, receipt: randomUUID(), type: "Told", body: { fingerprint } };
      const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), [delivery]);
      return acceptances[0]?.verdict;
    },
    async hasRoom() {
      const place = await inbox.place(source, 1);
      if (place.isFree) place.end(false);
      return place.isFree;
    },
    async handle(fingerprint: string) {
      const id = await idOf(fingerprint);
      await inbox.mark({ id, fingerprint, source: "loud" }, true);
      await jobs.finish(id);
    },
  };
}

/** An event whose body takes `bytes` bytes. */
function eventOf(fingerprint: string, bytes: number) {
  return {
    vendor: "loud",
    source: "loud",
    type: "Told",
    fingerprint,
    bodyJson: `{"a":"${"é".repeat((bytes - 8) / 2)}"}`,
  };
}

test("beyond the allowed number of waiting pushed events new ones are refused, and accepted ones stay", async () => {
  const { push, pull, pushes } = setup({ maxWaiting: 3 });
  for (const name of ["a", "b", "c"]) expect(await push(name)).toBe("add");

  expect(await push("d")).toBe("refuse");

  expect(await push("a")).toBe("acknowledge");
  expect(await pull("pulled")).toBe("add");
  expect(await pushes.count()).toEqual({ waiting: 3, waitingBytes: 30 });
});

test("beyond the allowed bytes of waiting pushed events, counted as UTF-8, new ones are refused", async () => {
  const { push, pushes } = setup({ maxWaitingBytes: 1_000 });
  expect(await push("a", 600)).toBe("add");

  expect(await push("b", 402)).toBe("refuse");

  expect(await push("c", 400)).toBe("add");
  expect(await pushes.count()).toEqual({ waiting: 2, waitingBytes: 1_000 });
});

test("waiting pushed events keep no pulled event out", async () => {
  const { push, pull, hasRoom } = setup();
  for (let n = 0; n < 10; n++) await push(`pushed ${n}`);

  // The last event uses the extra quarter, which is for pulls in progress.
  for (const name of ["a", "b", "c"]) {
    expect(await hasRoom(), name).toBe(name !== "c");
    expect(await pull(name)).toBe("add");
  }
  expect(await pull("d")).toBe("skip");
});

test("parked pushed events make no room for waiting pulled ones", async () => {
  const { push, pull, jobs, idOf } = setup();
  for (const name of ["a", "b", "c"]) {
    await push(name);
    await jobs.park(await idOf(name));
  }

  for (const name of ["d", "e", "f"]) expect(await pull(name)).toBe("add");

  expect(await pull("g")).toBe("skip");
});

test("a pushed event that was handled makes room", async () => {
  const { push, handle, pushes } = setup({ maxWaiting: 1 });
  await push("a");

  await handle("a");

  expect(await pushes.count()).toEqual(NOTHING);
  expect(await push("b")).toBe("add");
  expect(await push("a"), "its vendor's next call").toBe("acknowledge");
});

test("a parked pushed event takes up room until it is retried and handled, or discarded", async () => {
  const { redis, inbox, push, handle, jobs, pushes, idOf } = setup({ maxWaiting: 2 });
  const operator = createOperator({ redis, inbox, sources: [source], maxWaiting: 10, confirm: () => {}, log, meter });
  for (const name of ["a", "b"]) {
    await push(name);
    await jobs.park(await idOf(name));
  }
  await pushes.sweep(0);
  expect(await push("c")).toBe("refuse");

  expect(await operator.discard(await idOf("a"), "a test")).toBe(true);
  expect(await push("c")).toBe("add");
  await jobs.retry(await idOf("b"));
  await handle("b");
  expect(await push("d")).toBe("add");
  expect(await pushes.count()).toEqual({ waiting: 2, waitingBytes: 20 });
});

test("a parked pushed event that was given up but stays in Redis still takes up room", async () => {
  const { push, inbox, jobs, idOf } = setup({ maxWaiting: 1 });
  await push("a");
  const id = await idOf("a");
  await jobs.park(id);

  await inbox.mark({ id, fingerprint: "a", source: "loud" }, false);

  expect(await push("b")).toBe("refuse");
});

test("all replicas share the room for pushed events, however many push at once", async () => {
  const { push, replicas, pushes } = setup({ maxWaiting: 20 });

  const verdicts = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => await push(`event ${n}`, 10, replicas[n % 2])),
  );

  expect(Object.groupBy(verdicts, (verdict) => verdict ?? "").add).toHaveLength(20);
  expect(await pushes.count()).toEqual({ waiting: 20, waitingBytes: 200 });
});

test("a pushed event that a process reserved before it died counts once, and is added even without room", async () => {
  const { push, steps, pushes } = setup({ maxWaiting: 1 });
  await steps?.reserve({ id: "ev-reserved", fingerprint: "a", source: "loud" }, 10, 60_000);
  expect(await push("b")).toBe("refuse");

  expect(await push("a")).toBe("add");

  expect(await pushes.count()).toEqual({ waiting: 1, waitingBytes: 10 });
});

test("a sweep removes only pushed events that no longer wait", async () => {
  const { push, steps, jobs, inbox, pushes, idOf } = setup();
  for (const name of ["waits", "parked", "removed", "completed"]) await push(name);
  await steps?.reserve({ id: "ev-abandoned", fingerprint: "abandoned", source: "loud" }, 10, 60_000);
  await jobs.park(await idOf("parked"));
  await jobs.remove(await idOf("removed"));
  await jobs.finish(await idOf("completed"));

  await pushes.sweep();
  expect(await pushes.count(), "jobs that may still be added").toEqual({ waiting: 4, waitingBytes: 40 });
  await expect
    .poll(async () => {
      await pushes.sweep(1);
      return await pushes.count();
    })
    .toEqual({ waiting: 2, waitingBytes: 20 });
  expect(await inbox.queue.getJobCountByTypes("wait", "failed")).toBe(2);
});

test("a pushed event that a sweep dropped as abandoned counts again when its vendor repeats the call", async () => {
  const { push, steps, pushes } = setup();
  await steps?.reserve({ id: "ev-abandoned", fingerprint: "a", source: "loud" }, 10, 60_000);
  await expect
    .poll(async () => {
      await pushes.sweep(1);
      return await pushes.count();
    })
    .toEqual(NOTHING);

  expect(await push("a")).toBe("add");

  expect(await pushes.count()).toEqual({ waiting: 1, waitingBytes: 10 });
});

test("after Redis was emptied all room for pushed events is free", async () => {
  const server = await startOwnRedis();
  const redis = connect({ place: { prefix: "test", url: server.url }, name: "test", log, use: "push" });
  onTestFinished(() => redis.disconnect());
  const inbox = pushInboxOnRedis({ redis, keys: server.keys, maxWaiting: 1 });
  const push = async (name: string) => await inbox.push(eventOf(name, 10), 60_000, AbortSignal.timeout(10_000));
  await push("a");
  expect(await push("b")).toBe("refuse");

  await server.flush();

  expect(await push("b")).toBe("add");
});

test("finished large events leave a short history behind, and small ones a long one", async () => {
  const { push, inbox, jobs } = setup();
  const complete = async (name: string, bytes: number) => {
    await push(name, bytes);
    const [job] = await inbox.queue.getWaiting();
    await jobs.finish(job?.id ?? "");
  };

  for (let n = 0; n < 6; n++) await complete(`large ${n}`, 4 * 2 ** 20);
  expect(await inbox.queue.getCompletedCount()).toBe(4);

  for (let n = 0; n < 6; n++) await complete(`small ${n}`, 10);
  expect(await inbox.queue.getCompletedCount()).toBe(10);
});
