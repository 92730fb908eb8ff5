import { eventId } from "../../src/core/fingerprint.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { Acceptance, Accepted } from "../../src/core/inbox.ts";
import { type Delivery, knownForMs, type SourceTerms } from "../../src/core/source.ts";
import { type Entry, type MemoryEntries } from "./memory-entries.ts";
import { type MemoryJobs, toEvent } from "./memory-jobs.ts";
import type { MemoryRoom } from "./memory-room.ts";

type Parts = {
  readonly jobs: MemoryJobs;
  readonly entries: MemoryEntries;
  readonly room: MemoryRoom;
  readonly limits: { readonly maxWaiting: number; readonly graceMs: number };
};

/** What a pull brought, and the jobs that come of it. */
type Pull = {
  readonly source: SourceTerms;
  readonly sent: number;
  readonly at: number;
  readonly deliveries: readonly Delivery[];
  readonly added: CallbackEvent[];
  admitted: number;
  isUnfilled: boolean;
};

type Window = { readonly receipt: string; readonly openUntil: number; readonly closedFrom: number };

export function accept(
  parts: Parts,
  pulled: Pick<Pull, "source" | "sent" | "at" | "deliveries"> & { readonly monotonic: number },
): Accepted {
  const { entries, jobs } = parts;
  const { source, at, deliveries, monotonic } = pulled;
  const pull: Pull = { ...pulled, added: [], admitted: 0, isUnfilled: false };
  const taken = deliveries.map((delivery) => take(parts, pull, delivery));
  // Only when all are taken in is it known which receipts stand for an event that is still pending.
  const given = new Set<string>();
  const acceptances = taken.map((one): Acceptance => {
    if (!isEntry(one)) return one;
    const { id, receipt } = one;
    const confirmation = entries.giveOut(one, given.has(receipt), monotonic - at);
    given.add(receipt);
    return confirmation ? { verdict: "confirm", id, confirmation } : { verdict: "renew", id };
  });
  for (const event of pull.added) jobs.add(event);
  return { acceptances, handled: entries.handled(source.name).length, isUnfilled: pull.isUnfilled };
}

/** One delivery, by the rules in their order. An entry as answer: handled and renewed. */
function take(parts: Parts, pull: Pull, delivery: Delivery): Acceptance | Entry {
  const { entries, limits } = parts;
  const { source, sent, at } = pull;
  const entry = entries.find(source.name, delivery.fingerprint);
  const window = { receipt: delivery.receipt, openUntil: sent + source.windowMs, closedFrom: at + source.windowMs };
  const tooLate = at - sent > limits.graceMs;
  if (entry?.state === "confirmed" || !entry) {
    if (tooLate) return { verdict: "skip", why: "stale" };
    if (entry && sent <= entry.confirmedAt) return { verdict: "skip", why: "twin" };
    return admit(parts, pull, delivery, window);
  }
  if (entry.state === "handled") noteReturn(parts, pull, entry);
  // The store may hear of a confirmation late: only a pull sent after it can bring the return of what is handled.
  const from = entry.state === "handled" ? sent : at;
  if (tooLate || from < entry.returnsFrom) {
    if (entry.state === "handled") Object.assign(entry, { absent: undefined, due: window.closedFrom });
    return { verdict: "skip", why: tooLate ? "stale" : "twin" };
  }
  return renew(parts, pull, entry, delivery, window);
}

/** A short answer did not bring it, though it was visible: this vendor does not fill its answers. */
function noteReturn({ room, limits }: Parts, pull: Pull, { absent }: Entry): void {
  const { source, sent } = pull;
  if (!absent || absent.isEmpty || sent <= absent.at) return;
  if (room.lostAt(source.name) + source.windowMs + limits.graceMs >= absent.at) return;
  room.noteUnfilled(source.name);
  pull.isUnfilled = true;
}

function renew(
  { jobs, entries }: Parts,
  { source, at, added }: Pull,
  entry: Entry,
  delivery: Delivery,
  window: Window,
): Acceptance | Entry {
  Object.assign(entry, window, { extending: false, givenTwice: false, expires: at + knownForMs(source) });
  if (entry.state === "handled") {
    entries.setHandled(entry);
    return entry;
  }
  const { id } = entry;
  entry.returnsFrom = window.openUntil;
  if (jobs.parked(id)) return { verdict: "park", id };
  if (jobs.has(id) || added.some((event) => event.id === id)) return { verdict: "renew", id };
  added.push(toEvent(source, at, id, delivery));
  return { verdict: "add", id };
}

function admit({ jobs, entries, limits }: Parts, pull: Pull, delivery: Delivery, window: Window): Acceptance {
  const { source, at, deliveries, added } = pull;
  const { receipt, fingerprint } = delivery;
  // Events under one receipt come in together, since giving it back ends all of them.
  const alone = deliveries.every((other) => other.receipt !== receipt || other.fingerprint === fingerprint);
  const most = Math.ceil(1.25 * limits.maxWaiting);
  const isFull = jobs.waiting + pull.admitted >= most || jobs.paused >= most;
  if (alone && isFull) return { verdict: "skip", why: "no-room" };
  pull.admitted += 1;
  const id = jobs.freeId(eventId(source.name, receipt, fingerprint));
  entries.write({
    source: source.name,
    fingerprint,
    id,
    state: "pending",
    ...window,
    returnsFrom: window.openUntil,
    due: 0,
    absent: undefined,
    extending: false,
    givenTwice: false,
    confirmedAt: 0,
    expires: at + knownForMs(source),
  });
  added.push(toEvent(source, at, id, delivery));
  return { verdict: "add", id };
}

function isEntry(one: Acceptance | Entry): one is Entry {
  return "state" in one;
}
