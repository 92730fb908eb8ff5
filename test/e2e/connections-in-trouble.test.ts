import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/at-end.ts";
import { becomesReady, comesTo, isNotReadyFor, metric, readiness } from "../support/probes.ts";
import { PROJECT } from "../support/process.ts";
import { type Pair, startProxy } from "../support/proxy.ts";
import { sharedRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const IMPATIENT = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/impatient-worker.ts")] as const;

/** A worker whose way to Redis can fall silent. */
async function setup(patienceMs: number) {
  const { url, prefix } = sharedRedis();
  const proxy = await startProxy(new URL(url));
  atEnd(() => proxy.close());
  const world = await setupWorld({ redis: { url: String(proxy.url), prefix }, windowMs: 20_000 });
  const worker = await world.start(
    { PATIENCE_MS: String(patienceMs), SHUTDOWN_GRACE_MS: "8000" },
    { command: IMPATIENT },
  );
  await becomesReady(worker);
  await comesTo(() => proxy.open().some(({ waits }) => waits), true);
  return {
    ...world,
    worker,
    rebuilt: () => metric(worker, "worker_rebuilt_total"),
    /** Silences connections that are open now. */
    fallSilent(which: (pair: Pair) => boolean): void {
      const opened = proxy.opened();
      proxy.fallSilent((pair) => pair.number <= opened && which(pair));
    },
    /** Silences connections that are open now, and all later ones. */
    fallSilentAndTakeNoMore(which: (pair: Pair) => boolean): void {
      const opened = proxy.opened();
      proxy.fallSilent((pair) => pair.number > opened || which(pair));
    },
  };
}

describe.concurrent("if connections to Redis stay open and answer nothing", { timeout: 60_000 }, () => {
  test("where BullMQ waits for jobs, the queue worker is rebuilt, and running handlers go on", async () => {
    const { worker, rebuilt, fallSilent, publish, phasesOf, allConfirmed } = await setup(3_000);
    expect(await rebuilt()).toBe(0);
    publish("long", { ms: 6_000 });
    await comesTo(() => phasesOf("long"), ["start"]);

    fallSilent(({ waits }) => waits);
    publish("waits");
    await worker.line("jobs waited and none started, so the connections to Redis were rebuilt");
    await allConfirmed();

    expect(phasesOf("long")).toEqual(["start", "success"]);
    expect(phasesOf("waits")).toEqual(["start", "success"]);
    expect(await rebuilt()).toBe(1);
    const { state, problems } = await readiness(worker);
    expect(state).toBe("attention");
    expect(problems).toEqual([
      expect.stringMatching(/^jobs waited and none started, so .*; if it happens again, check the network/),
    ]);
  });

  test("on all connections, each is replaced, and nothing runs twice", async () => {
    const { fallSilent, publish, runs, allConfirmed } = await setup(15_000);
    publish("long", { ms: 1_000 });
    await comesTo(() => runs().length, 1);

    fallSilent(() => true);
    publish("waits");
    await allConfirmed();

    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(2);
  });

  test("and new connections do not help either, the worker is not ready and exits for its supervisor", async () => {
    const { worker, fallSilentAndTakeNoMore, publish, phasesOf } = await setup(1_000);
    // The process gives it some seconds before it exits, so that there is time to ask.
    publish("long", { ms: 20_000 });
    await comesTo(() => phasesOf("long"), ["start"]);

    fallSilentAndTakeNoMore(({ waits }) => waits);
    publish("waits");
    await isNotReadyFor(
      worker,
      /^jobs wait \(1\), and none has started for 3 s, .*this process ends; let a supervisor/,
    );

    expect(await worker.exited).toMatchObject({ code: 1 });
    expect(worker.lines().filter(({ msg }) => msg.startsWith("jobs waited and none started"))).toHaveLength(2);
    expect(worker.lines().find(({ level }) => level === 60)).toMatchObject({
      err: { message: /and none has started for/ },
    });
    expect(phasesOf("waits")).toEqual([]);
  });
});
