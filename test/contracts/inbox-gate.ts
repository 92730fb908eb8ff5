import { expect } from "vitest";
import { limited, lookLater, set, takeIn } from "./gate-trial.ts";
import { delivery, type InboxSetup, scenario } from "./inbox-trial.ts";

export function gateContract(setup: InboxSetup): void {
  const two = { limited: limited({ concurrency: 2 }) };
  const ordered = { limited: limited({}, true) };
  const holding = { limited: limited({ afterParked: "holds" }, true) };

  scenario(
    "no more events start at once than the limit allows, and each end starts the next one, in order of arrival",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d");
      expect(await g.startable()).toEqual(["a", "b"]);
      expect([await g.enter("a"), await g.enter("b")]).toEqual(["go", "go"]);
      await g.leave("b", "done");
      await t.jobs.finish(g.ref("b").id);
      expect(await g.startable()).toEqual(["a", "c"]);
      expect(await g.enter("c")).toBe("go");
      await g.leave("a", "done");
      await g.leave("c", "done");
      expect(await g.startable()).toEqual(["a", "c", "d"]);
    },
    two,
  );

  scenario(
    "an event that is started without a place is held, and gets its turn",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.enter("a");
      await g.enter("b");
      expect(await g.enter("c")).toBe("held");
      await g.leave("a", "done");
      expect(await g.enter("c")).toBe("go");
    },
    two,
  );

  scenario(
    "an event whose job was lost with the store's data does not start, and holds no place",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await t.loseEverything();
      for (const name of ["a", "b", "c"]) expect(await g.enter(name)).toBe("held");
      const again = await takeIn(t, "d", "e");
      expect(await again.startable()).toEqual(["d", "e"]);
    },
    two,
  );

  scenario(
    "a place belongs to an event, which keeps it when another worker starts it again",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b");
      for (const name of ["a", "b", "a", "b"]) expect(await g.enter(name)).toBe("go");
    },
    two,
  );

  scenario(
    "an event gives its place back between two attempts, and then needs one again",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      for (const name of ["a", "b"]) await g.enter(name);
      await g.leave("a", "rest");
      expect(await g.startable()).toContain("c");
      expect(await g.enter("c")).toBe("go");
      expect(await g.enter("a")).toBe("held");
      await g.leave("b", "done");
      expect(await g.enter("a")).toBe("go");
    },
    two,
  );

  scenario(
    "events of one key run one after another, beside those of others, and a key is kept between two attempts",
    setup,
    async (t) => {
      const g = await takeIn(t, "a:1", "a:2", "b:1", "a:3");
      expect(await g.startable()).toEqual(["a:1", "b:1"]);
      await g.enter("a:1");
      await g.leave("a:1", "rest");
      expect(await g.startable()).toEqual(["a:1", "b:1"]);
      expect(await g.enter("a:2")).toBe("held");
      expect(await g.enter("a:1")).toBe("go");
      await g.leave("a:1", "done");
      expect(await g.startable()).toEqual(["a:1", "a:2", "b:1"]);
      expect(await g.enter("a:3")).toBe("held");
    },
    ordered,
  );

  scenario(
    "a parked event lets its key go on, and comes last when it is retried",
    setup,
    async (t) => {
      const g = await takeIn(t, "a:1", "a:2", "a:3");
      await g.enter("a:1");
      await g.leave("a:1", "done");
      await t.jobs.park(g.ref("a:1").id);
      expect(await g.enter("a:2")).toBe("go");
      await t.jobs.retry(g.ref("a:1").id);
      expect(await g.enter("a:1")).toBe("held");
      await g.leave("a:2", "done");
      expect(await g.enter("a:1")).toBe("held");
      expect(await g.enter("a:3")).toBe("go");
      await g.leave("a:3", "done");
      expect(await g.enter("a:1")).toBe("go");
    },
    ordered,
  );

  scenario(
    "a parked event holds its key where its handler says so, until it is discarded",
    setup,
    async (t) => {
      const g = await takeIn(t, "a:1", "a:2");
      await g.enter("a:1");
      await g.leave("a:1", "rest");
      await t.jobs.park(g.ref("a:1").id);
      expect(await g.enter("a:2")).toBe("held");
      expect(await t.inbox.discard(g.ref("a:1"))).toMatchObject({ outcome: "given up" });
      await lookLater(t);
      expect(await g.enter("a:2")).toBe("go");
    },
    holding,
  );

  scenario(
    "events that wait for a lost event go on",
    setup,
    async (t) => {
      const g = await takeIn(t, "a:1", "a:2");
      await g.enter("a:1");
      await t.jobs.remove(g.ref("a:1").id);
      expect(await g.startable()).toEqual([]);
      await lookLater(t);
      expect(await g.startable()).toEqual(["a:2"]);
    },
    ordered,
  );

  scenario(
    "an operator holds a handler's events, changes how many may run, and takes that back",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await set(t, { paused: true });
      expect([await g.enter("a"), await g.enter("b")]).toEqual(["held", "held"]);
      await set(t, { paused: null, concurrency: 1 });
      expect([await g.enter("a"), await g.enter("b")]).toEqual(["go", "held"]);
      await set(t, { concurrency: null });
      expect([await g.enter("b"), await g.enter("c")]).toEqual(["go", "held"]);
    },
    two,
  );

  scenario(
    "a setting of an operator ends at its time",
    setup,
    async (t) => {
      const until = (await t.now()) + 300;
      await set(t, { paused: true, until });
      const g = await takeIn(t, "a");
      const entry = await g.enter("a");
      await t.inTime(until);
      expect(entry).toBe("held");
      await t.until(until + 1);
      expect(await g.enter("a")).toBe("go");
    },
    two,
  );

  scenario(
    "in any second no more than one start above the rate, and no fewer than the rate while events wait",
    setup,
    async (t) => {
      const waiting = Array.from({ length: 40 }, (_, index) => `${index}`);
      const g = await takeIn(t, ...waiting);
      const starts: number[] = [];
      const began = await t.now();
      while ((await t.now()) < began + 1_000) {
        const [name] = waiting;
        if (name !== undefined && (await g.enter(name)) === "go") {
          starts.push(await t.now());
          waiting.shift();
        } else await t.advance(2);
      }
      const within = starts.filter((at) => at < began + 1_000).length;
      expect(within).toBeLessThanOrEqual(21);
      // Only the manual clock allows this lower bound. Real time passes while the machine is busy.
      if (!t.replica) expect(within).toBeGreaterThanOrEqual(20);
    },
    { limited: limited({ perSecond: 20 }) },
  );

  scenario(
    "a rate below one in a second is kept too",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b");
      const began = await t.now();
      const first = await g.enter("a");
      const entry = await g.enter("b");
      await t.inTime(began + 900);
      expect(first).toBe("go");
      expect(entry).not.toBe("go");
    },
    { limited: limited({ perSecond: 0.4 }) },
  );

  scenario(
    "too many events held by a limit keep out only events of that limit, and take no room from others",
    setup,
    async (t) => {
      await takeIn(t, "a:1", "a:2", "a:3");
      const sent = await t.now();
      const { acceptances } = await t.inbox.accept(t.source, sent, [
        delivery(t.source, "a:4"),
        { ...delivery(t.source, "other"), type: "NoLimits" },
      ]);
      await t.inTime(sent + t.times.graceMs);
      expect(acceptances).toMatchObject([{ verdict: "skip", why: "limit" }, { verdict: "add" }]);
      expect(await t.inbox.place(t.source, 1)).toMatchObject({ isFree: true });
    },
    { limited: limited({}, true), mostHeld: 2, maxWaiting: 3 },
  );
}
