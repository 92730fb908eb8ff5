import { expect } from "vitest";
import type { Outcome } from "../../src/core/runs.ts";
import { batched, lookLater, set, takeIn } from "./gate-trial.ts";
import { type InboxSetup, scenario } from "./inbox-trial.ts";

const HANDLED: Outcome = { kind: "handled" };
const RETURNED: Outcome = { kind: "returned" };
const FAILED: Outcome = { kind: "retry", error: new Error("no"), afterMs: 3_600_000 };
const PARKED: Outcome = { kind: "parked", error: new Error("never") };

export function batchContract(setup: InboxSetup): void {
  const patient = { limited: batched({ size: 3, lingerMs: 3_600_000 }) };
  const patientFour = batched({ size: 4, lingerMs: 3_600_000 });
  const quick = { limited: batched({ size: 3, lingerMs: 300 }) };
  const oneAtOnce = { limited: batched({ size: 2, lingerMs: 3_600_000 }, { concurrency: 1 }) };

  scenario(
    "nothing starts before a batch is full, and then one event starts for all of them",
    setup,
    async (t) => {
      const first = await takeIn(t, "a", "b");
      expect(await first.startable()).toEqual([]);
      const g = await takeIn(t, "c", "d");
      expect(await first.startable()).toEqual(["a"]);
      expect(await first.carry("a")).toEqual(["b", g.ref("c").id]);
      expect([...(await first.startable()), ...(await g.startable())]).toEqual(["a"]);
    },
    patient,
  );

  scenario(
    "as many batches start as are full, whatever comes at once",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d", "e", "f", "g", "h");
      const carriers = await g.startable();
      expect(carriers).toHaveLength(2);
      const batches = [await g.carry(carriers[0] ?? ""), await g.carry(carriers[1] ?? "")];
      expect(batches.map((batch) => batch?.length)).toEqual([2, 2]);
      expect(new Set([...carriers, ...batches.flatMap((batch) => batch ?? [])]).size).toBe(6);
      expect(await g.startable()).toEqual(carriers);
    },
    patient,
  );

  scenario(
    "one that has waited for as long as it may starts with those that are there",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b");
      const began = await t.now();
      const early = await t.gate.enter(g.ref("a"), batched({ size: 3, lingerMs: 300 })(), false);
      await t.inTime(began + 200);
      expect(early).toMatchObject({ kind: "later" });
      await t.until(began + 301);
      expect(await g.carry("a")).toEqual(["b"]);
    },
    quick,
  );

  scenario(
    "what is carried is not started beside its batch, nor discarded, nor in two batches",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      expect(await g.carry("b")).toBeUndefined();
      expect(await t.inbox.discard(g.ref("c"))).toEqual({ outcome: "none" });
    },
    patient,
  );

  scenario(
    "one that starts by itself is taken along by no batch, though it waits for company already",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      await g.end("a", { b: PARKED, c: HANDLED });
      await g.leave("a", "done");
      await t.jobs.finish(g.ref("a").id);
      await t.jobs.retry(g.ref("b").id);
      expect(await g.enter("b")).toBe("later");
      expect(await g.startable()).toEqual(["b"]);
      const next = await takeIn(t, "d", "e");
      expect(await next.startable()).toEqual(["d"]);
      expect(await next.carry("d")).toEqual(["e"]);
    },
    patient,
  );

  scenario(
    "each ends by itself: handled, tried again later, parked, or back to those that wait",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d", "e");
      await g.carry("a");
      await t.inbox.mark(g.ref("a"), true);
      await t.inbox.mark(g.ref("b"), true);
      await g.end("a", { b: HANDLED, c: FAILED, d: PARKED });
      await g.leave("a", "done");
      await t.jobs.finish(g.ref("a").id);
      expect(await g.startable()).toEqual([]);
      expect(await t.gate.look(patientFour().limits)).toMatchObject({ held: 1, placed: 0 });
      await t.jobs.retry(g.ref("d").id);
      expect(await g.startable()).toEqual(["d"]);
      expect(await t.inbox.ran(g.ref("b"))).toBe(true);
      expect(await t.inbox.discard(g.ref("c"))).toMatchObject({ outcome: "given up" });
    },
    { limited: patientFour },
  );

  scenario(
    "those that go back wait as before, and are in the next batch",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      await g.end("a", { b: RETURNED, c: HANDLED });
      await g.leave("a", "done");
      await t.jobs.finish(g.ref("a").id);
      const next = await takeIn(t, "d", "e");
      expect(await g.startable()).toEqual(["b"]);
      expect(await g.carry("b")).toEqual([next.ref("d").id, next.ref("e").id]);
    },
    patient,
  );

  scenario(
    "a batch whose process died starts again with those of which it had not said how they ended",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      await g.end("a", { b: HANDLED });
      expect(await g.carry("a")).toEqual(["c"]);
    },
    patient,
  );

  scenario(
    "after its second crash each runs by itself: nobody knows which of them ended the process",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d", "e");
      expect(await g.carry("a")).toEqual(["b", "c", "d", "e"]);
      expect(await g.carry("a")).toEqual(["b", "c", "d", "e"]);
      expect(await g.carry("a")).toEqual([]);
      for (const name of ["b", "c", "d", "e"]) {
        expect(await g.startable()).toContain(name);
        expect(await g.carry(name)).toEqual([]);
      }
    },
    { limited: batched({ size: 5, lingerMs: 3_600_000 }) },
  );

  scenario(
    "one that is to run alone carries no others, and they do not wait for it",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d");
      const entry = await t.gate.enter(g.ref("a"), patient.limited(), false, { isAlone: true });
      expect(entry).toEqual({ kind: "go", carried: [] });
      expect(await g.startable()).toEqual(["a", "b"]);
    },
    patient,
  );

  scenario(
    "what an earlier start says late says nothing of the batch of a later one",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      const before = { nth: -1 };
      expect(await t.gate.enter(g.ref("a"), patient.limited(), false, before)).toEqual({ kind: "held" });
      await t.gate.endCarried(g.ref("a"), patient.limited().limits, [{ ...g.ref("b"), outcome: HANDLED }], before);
      await t.gate.leave(g.ref("a"), patient.limited().limits, "rest", before);
      const next = await takeIn(t, "d");
      expect([...(await g.startable()), ...(await next.startable())]).toEqual(["a"]);
      expect(await g.carry("a")).toEqual(["b", "c"]);
    },
    patient,
  );

  scenario(
    "a carrier that is gone leaves those that it carried to the next batch",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c");
      await g.carry("a");
      await t.jobs.remove(g.ref("a").id);
      await lookLater(t);
      const next = await takeIn(t, "d");
      expect(await g.startable()).toEqual(["b"]);
      expect(await g.carry("b")).toEqual(["c", next.ref("d").id]);
    },
    patient,
  );

  scenario(
    "no more batches run at once than may",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d");
      expect(await g.startable()).toEqual(["a"]);
      expect(await g.carry("a")).toEqual(["b"]);
      expect(await g.carry("c")).toBeUndefined();
      await g.end("a", { b: HANDLED });
      await g.leave("a", "done");
      await t.jobs.finish(g.ref("a").id);
      expect(await g.startable()).toEqual(["c"]);
      expect(await g.carry("c")).toEqual(["d"]);
    },
    oneAtOnce,
  );

  scenario(
    "an operator holds batches, and lets them go",
    setup,
    async (t) => {
      await set(t, { paused: true });
      const g = await takeIn(t, "a", "b", "c");
      expect(await g.startable()).toEqual([]);
      await set(t, { paused: null });
      expect(await g.startable()).toEqual(["a"]);
      await set(t, { paused: true });
      expect(await g.carry("a")).toBeUndefined();
    },
    patient,
  );

  scenario(
    "one that failed is with half as many the next time",
    setup,
    async (t) => {
      const g = await takeIn(t, "a", "b", "c", "d");
      await g.carry("a");
      await g.end("a", { b: FAILED, c: RETURNED, d: RETURNED });
      await g.leave("a", "done");
      await t.jobs.finish(g.ref("a").id);
      expect(await g.carry("b")).toEqual(["c"]);
    },
    { limited: batched({ size: 4, lingerMs: 3_600_000 }) },
  );
}
