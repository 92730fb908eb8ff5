import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Outcome } from "../../src/core/runs.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import { connect } from "../../src/queue/connection.ts";
import { startRebuiltWorker } from "../../src/queue/rebuilt-worker.ts";
import { startProxy } from "../support/proxy.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { eventOf } from "../worker/context.ts";

const log = pino({ level: "silent" });
const { id: _, ...DATA } = eventOf();

/** A worker whose first connections go through a proxy. Later ones go straight to Redis. */
async function setup({ concurrency = 2 } = {}) {
  const { url, redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 400, callMs: 80 } });
  const proxy = await startProxy(new URL(url));
  const runs = new Map<string, PromiseWithResolvers<Outcome>>();
  const started: string[] = [];
  const open = [String(proxy.url)];
  const failed = vi.fn();
  const worker = startRebuiltWorker({
    connect: () => connect({ place: { prefix: "test", url: open.shift() ?? url }, name: "test", log, use: "worker" }),
    queue: keys.queue,
    name: "test",
    concurrency,
    processor: {
      async process({ id }: CallbackEvent) {
        started.push(id);
        const run = Promise.withResolvers<Outcome>();
        runs.set(id, run);
        return await run.promise;
      },
    },
    crashes: { excuse: vi.fn() },
    log,
    meter: { count: vi.fn(), observe: vi.fn() },
    failed,
  });
  const end = (id: string): void => runs.get(id)?.resolve({ kind: "handled" });
  onTestFinished(async () => {
    for (const id of runs.keys()) end(id);
    await worker.close(AbortSignal.timeout(2_000));
    await inbox.close();
    await proxy.close();
  });
  return {
    worker,
    proxy,
    redis,
    started,
    end,
    failed,
    job: keys.keysOf("").job,
    lock: keys.keysOf("").lock,
    add: async (jobId: string) => void (await inbox.queue.add("Told", DATA, { jobId })),
    stateOf: async (id: string) => await (await inbox.queue.getJob(id))?.getState(),
    /** Blocks the connection on which the worker waits for jobs, in both directions. It cannot be opened again. */
    async wedge() {
      await expect.poll(() => proxy.open().some(({ waits }) => waits)).toBe(true);
      proxy.fallSilent(({ waits }) => waits);
    },
  };
}

test("if a queue worker waits for ever and starts nothing, the one that replaces it starts jobs at once", async () => {
  const { worker, wedge, add, started, end, stateOf } = await setup();
  await wedge();
  await add("one");
  await new Promise((resolve) => void setTimeout(resolve, 300));
  expect(started).toEqual([]);
  expect(worker.hasPlace()).toBe(true);

  worker.rebuild();

  await expect.poll(() => started).toEqual(["one"]);
  expect(worker.started()).toBe(1);
  end("one");
  await expect.poll(() => stateOf("one")).toBe("completed");
});

test("running jobs continue after a rebuild: the old worker renews their locks, and none starts again", async () => {
  const { worker, wedge, add, started, end, stateOf, redis, lock, failed } = await setup();
  await add("long");
  await expect.poll(() => started).toEqual(["long"]);
  await wedge();
  await add("next");
  worker.rebuild();
  await expect.poll(() => started).toEqual(["long", "next"]);
  expect(worker.hasPlace()).toBe(false);

  const owner = await redis.get(lock("long"));
  let left = await redis.pttl(lock("long"));
  await expect
    .poll(async () => {
      const before = left;
      left = await redis.pttl(lock("long"));
      return left > before;
    })
    .toBe(true);
  expect(await redis.get(lock("long"))).toBe(owner);

  end("long");
  await expect.poll(() => stateOf("long")).toBe("completed");
  end("next");
  await expect.poll(() => stateOf("next")).toBe("completed");
  expect(started).toEqual(["long", "next"]);
  expect(failed).not.toHaveBeenCalled();
});

test("after a rebuild the old worker's places are not given twice, and are given back", async () => {
  const { worker, wedge, add, started, end, proxy } = await setup({ concurrency: 2 });
  await add("long");
  await expect.poll(() => started).toEqual(["long"]);
  await wedge();
  worker.rebuild();
  for (const id of ["one", "two", "three"]) await add(id);
  await expect.poll(() => started).toEqual(["long", "one"]);

  end("long");
  await expect.poll(() => proxy.open().filter(({ waits }) => !waits)).toEqual([]);
  end("one");
  await expect.poll(() => started).toEqual(["long", "one", "two", "three"]);
});

test("a paused queue worker takes no job, and reports that", async () => {
  const { worker } = await setup();
  await worker.pause();
  expect(worker.hasPlace()).toBe(false);
});

test("a queue worker takes no second job while one runs alone, and goes on after it", async () => {
  const { worker, started, end, add } = await setup({ concurrency: 3 });
  await add("alone");
  await vi.waitFor(() => expect(started).toEqual(["alone"]));

  worker.takeMore(false);
  expect(worker.hasPlace()).toBe(false);
  await add("b");
  await add("c");

  worker.takeMore(true);
  end("alone");
  await vi.waitFor(() => expect(started.toSorted()).toEqual(["alone", "b", "c"]));
});
