import { sleep } from "../../../src/core/sleep.ts";
import { createMemoryCrashes } from "../../support/memory-crashes.ts";
import { MemoryInbox } from "../../support/memory-inbox.ts";
import type { Link } from "./link.ts";
import type { OpenStore } from "./play.ts";
import type { ModelInbox, ModelStore, Seen, Taken } from "./store.ts";

const START_MS = Date.UTC(2026, 0, 1);

/** An inbox in memory that all replicas share. */
export const storeInMemory: OpenStore = async ({ seen, maxWaiting, limitsOf }) => {
  let ahead = START_MS;
  const now = (): number => performance.now() + ahead;
  const inbox = new MemoryInbox({
    now,
    maxWaiting,
    limitsOf,
    sleep,
    wake: () => seen.jobs(),
  });
  const { jobs } = inbox;
  const crashes = createMemoryCrashes(jobs);

  return {
    connect: (link) => connect(link, inbox, seen),
    gate: (link) => ({
      enter: (event, limited, ...start) =>
        link.call("gate-enter", async () => {
          const entry = await inbox.gate.enter(event, limited, ...start);
          seen.entered(event, limited, entry.kind, now());
          return entry;
        }),
      leave: (event, limits, how, ...end) =>
        link.call("gate-leave", async () => {
          await inbox.gate.leave(event, limits, how, ...end);
          seen.left(event.id, how);
        }),
      endCarried: (...end) => link.call("gate-end", () => inbox.gate.endCarried(...end)),
      look: (limits) => link.call("gate-look", () => inbox.gate.look(limits)),
      set: (handler, word) => inbox.gate.set(handler, word),
    }),
    crashes: (link) => ({
      count: (start) => link.call("crashes", () => crashes.count(start)),
      startAlone: (start) => link.call("crashes", () => crashes.startAlone(start)),
      giveBack: (start) => link.call("crashes", () => crashes.giveBack(start)),
      excuse: (start, lock) => link.call("crashes", () => crashes.excuse(start, lock)),
    }),

    steps: (link) => ({
      claim: (step, ranForMs) => link.call("claim-step", () => inbox.steps.claim(step, ranForMs)),
      renew: (step) => link.call("keep-step", () => inbox.steps.renew(step)),
      release: (step) => link.call("keep-step", () => inbox.steps.release(step)),
      store: (step, result) =>
        link.call("keep-step", async () => {
          const kept = await inbox.steps.store(step, result);
          if (kept === "stored") seen.stepKept(step.event.id, step.name, result);
          return kept;
        }),
    }),

    async take(lock) {
      const job = jobs.take(lock);
      return job && { ...job, lock };
    },
    complete: async (job) => jobs.finish(held(job)),
    async delay(job, ms) {
      jobs.delay(held(job));
      void resume(job, ms);
    },
    async putOff(job, ms) {
      jobs.putOff(held(job));
      void resume(job, ms);
    },
    async hold(job, ms) {
      jobs.hold(held(job), ms === undefined ? "held" : "due");
      if (ms !== undefined) inbox.gate.later(job.event.id, ms);
    },
    park: async (job) => jobs.park(held(job)),
    async giveBack(job) {
      jobs.retry(held(job));
      seen.jobs();
    },
    async stall({ event, lock }) {
      if (!jobs.holds(event.id, lock)) return false;
      jobs.stall(event.id);
      seen.jobs();
      return true;
    },
    evict: async (id) => jobs.evict(id),
    idleJobs: async () => jobs.idle(),
    retry: async (id) => retry(id),
    retryAll: async () => jobs.ids().forEach(retry),
    async remove(id) {
      const idle = jobs.idle().some((event) => event.id === id);
      if (idle) jobs.remove(id);
      return idle;
    },
    jump: (ms) => void (ahead += ms),
    empty: async () => inbox.loseEverything(),
    open: async () => ({ events: inbox.open, jobs: jobs.unfinished }),
    close: async () => {},
  } satisfies ModelStore;

  function retry(id: string): void {
    if (!jobs.parked(id) && !jobs.delayed(id)) return;
    jobs.retry(id);
    seen.jobs();
  }

  function held({ event, lock }: Taken): string {
    if (!jobs.holds(event.id, lock)) throw new Error(`the lock of ${event.id} is lost`);
    return event.id;
  }

  async function resume({ event, lock }: Taken, ms: number): Promise<void> {
    await sleep(ms);
    jobs.resume(event.id, lock);
    seen.jobs();
  }
};

function connect(link: Link, inbox: MemoryInbox, seen: Seen): ModelInbox {
  return {
    place: (source, expected) => link.call("place", () => inbox.place(source, expected)),
    turn: (source, action) => link.call("turn", () => inbox.turn(source, action)),
    used: (source, action) => inbox.used(source, action),
    accept: (source, sent, deliveries) =>
      link.call("accept", async () => {
        const accepted = await inbox.accept(source, sent, deliveries);
        const verdicts = accepted.acceptances.map((acceptance, index) => {
          const { receipt = "", fingerprint = "" } = deliveries[index] ?? {};
          return { receipt, fingerprint, verdict: acceptance.verdict, id: "id" in acceptance ? acceptance.id : "" };
        });
        seen.accepted(verdicts, link);
        return accepted;
      }),
    quiet: (source, pull) =>
      link.call("quiet", async () => {
        const taken = await inbox.quiet(source, pull);
        seen.quiet(taken);
        return taken;
      }),
    mark: (event, ran, ranForMs, left) =>
      link.call("mark", async () => {
        const marked = await inbox.mark(event, ran, ranForMs, left);
        seen.marked(event, ran, marked.stored, link);
        return marked;
      }),
    end: (event) =>
      link.call("end-handled", async () => {
        const isEnded = await inbox.end(event);
        if (isEnded) seen.ended(event, link);
        return isEnded;
      }),
    endAll: (source) => inbox.endAll(source),
    discard: (event) =>
      link.call("discard", async () => {
        const discarded = await inbox.discard(event);
        seen.discarded(event, discarded.outcome, link);
        return discarded;
      }),
    ran: (event, left) => link.call("ran", () => inbox.ran(event, left)),
    noteSuccess: (event, attempt) =>
      link.call("note-success", async () => {
        await inbox.noteSuccess(event, attempt);
        seen.noted(event, link);
      }),
    succeededIn: (event) => link.call("succeeded-in", () => inbox.succeededIn(event)),
    held: (event) => link.call("held", () => inbox.held(event)),
    extending: (event) => link.call("extending", () => inbox.extending(event)),
    extended: (event, old, extended, sent) =>
      link.call("extend", () => {
        seen.extended(extended.receipt, extended.windowMs);
        return inbox.extended(event, old, extended, sent);
      }),
    settle: (confirmation, outcome) =>
      link.call("settle", async () => {
        const before = inbox.standing(confirmation);
        await inbox.settle(confirmation, outcome);
        seen.answered(confirmation, outcome, before, inbox.standing(confirmation));
      }),
  };
}
