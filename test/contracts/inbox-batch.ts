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
    "every full batch starts, even if all events arrive at once",
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
    "an event that has lingered long enough starts with those that are there",
    setup,
    async (t) => {
      const began = await t.now();
      const g = await takeIn(t, "a", "b");
      const taken = await t.now();
      const early = await t.gate.enter(g.ref("a"), batched({ size: 3, lingerMs: 300 })(), false);
      await t.inTime(began + 300);
      expect(early).toMatchObject({ kind: "later" });
      await t.until(taken + 301);
      expect(await g.carry("a")).toEqual(["b"]);
    },
    quick,
  );

  scenario(
    "a carried event is not started beside its batch, nor discarded, nor put in two batches",
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
    "an event that starts by itself joins no batch, even if it already waits for one",
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
    "each member has its own end: handled, retried later, parked, or waiting again",
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
    "members that go back wait as before, and join the next batch",
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
    "after a crash, a batch starts again with the members that had not ended",
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
    "after its second crash each event runs alone, since any of them may have ended the process",
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
    "an event that must run alone carries no others, and they do not wait for it",
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
    "a late report of an earlier start does not change the batch of a later one",
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
    "the members of a lost carrier join the next batch",
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
    "an event that failed is in a batch of half the size the next time",
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
