import { eventId } from "../../src/core/fingerprint.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { Acceptance, Accepted } from "../../src/core/inbox.ts";
import type { LimitsOf } from "../../src/core/limits.ts";
import { type Delivery, knownForMs, type SourceTerms } from "../../src/core/source.ts";
import { type Entry, type MemoryEntries } from "./memory-entries.ts";
import type { MemoryGate } from "./memory-gate.ts";
import type { MemoryJobs } from "./memory-jobs.ts";
import type { MemoryRoom } from "./memory-room.ts";

type Parts = {
  readonly jobs: MemoryJobs;
  readonly entries: MemoryEntries;
  readonly room: MemoryRoom;
  readonly gate: MemoryGate;
  readonly limits: {
    readonly maxWaiting: number;
    readonly graceMs: number;
    readonly limitsOf: LimitsOf;
    readonly mostHeld: number;
  };
};

/** The deliveries of a pull, and the jobs that they become. */
type Pull = {
  readonly source: SourceTerms;
  readonly sent: number;
  readonly at: number;
  readonly deliveries: readonly Delivery[];
  readonly added: { readonly event: CallbackEvent; readonly delay: number | undefined }[];
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
  // The receipts that still belong to a pending event are known only after all deliveries were taken in.
  const given = new Set<string>();
  const acceptances = taken.map((one): Acceptance => {
    if (!isEntry(one)) return one;
    const { id, receipt } = one;
    const confirmation = entries.giveOut(one, given.has(receipt), monotonic - at);
    given.add(receipt);
    return confirmation ? { verdict: "confirm", id, confirmation } : { verdict: "renew", id };
  });
  for (const { event, delay } of pull.added) {
    jobs.add(event, delay === undefined ? "held" : delay > 0 ? "due" : "waiting");
    if (delay) parts.gate.later(event.id, delay);
  }
  for (const { event } of pull.added) {
    const limited = parts.limits.limitsOf(event, () => event.body);
    if (limited) parts.gate.taken(limited);
  }
  return { acceptances, handled: entries.handled(source.name).length, isUnfilled: pull.isUnfilled };
}

/** Applies the rules to one delivery, in order. The result is an entry if the event is handled and was renewed. */
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
  // The store may learn of a confirmation late. A handled event counts as returned only in a pull sent after that.
  const from = entry.state === "handled" ? sent : at;
  if (tooLate || from < entry.returnsFrom) {
    if (entry.state === "handled") Object.assign(entry, { absent: undefined, due: window.closedFrom });
    return { verdict: "skip", why: tooLate ? "stale" : "twin" };
  }
  return renew(parts, pull, entry, delivery, window);
}

/** An earlier short answer left out this event, though it was visible. So this vendor does not fill its answers. */
function noteReturn({ room, limits }: Parts, pull: Pull, { absent }: Entry): void {
  const { source, sent } = pull;
  if (!absent || absent.isEmpty || sent <= absent.at) return;
  if (room.lostAt(source.name) + source.windowMs + limits.graceMs >= absent.at) return;
  room.noteUnfilled(source.name);
  pull.isUnfilled = true;
}

function renew(parts: Parts, pull: Pull, entry: Entry, delivery: Delivery, window: Window): Acceptance | Entry {
  const { jobs, entries } = parts;
  const { source, at, added } = pull;
  Object.assign(entry, window, { extending: false, givenTwice: false, expires: at + knownForMs(source) });
  if (entry.state === "handled") {
    entries.setHandled(entry);
    return entry;
  }
  const { id } = entry;
  // The note of its success was lost.
  if (jobs.has(id) && jobs.isOver(id)) {
    entries.setHandled(entry);
    return entry;
  }
  entry.returnsFrom = window.openUntil;
  if (jobs.parked(id)) return { verdict: "park", id };
  if (jobs.has(id) || added.some(({ event }) => event.id === id)) return { verdict: "renew", id };
  return add(parts, pull, id, delivery);
}

function add({ gate, limits }: Parts, { source, at, added }: Pull, id: string, delivery: Delivery): Acceptance {
  const event = toEvent(source, at, id, delivery);
  const limited = limits.limitsOf(event, () => event.body);
  added.push({ event, delay: limited ? gate.takeIn(id, limited) : 0 });
  return { verdict: "add", id };
}

function toEvent(source: SourceTerms, at: number, id: string, delivery: Delivery): CallbackEvent {
  const { fingerprint, type, body } = delivery;
  const receivedAt = new Date(at).toISOString();
  return { id, fingerprint, vendor: source.vendor, source: source.name, door: "pull", type, receivedAt, body };
}

function admit(parts: Parts, pull: Pull, delivery: Delivery, window: Window): Acceptance {
  const { jobs, entries, gate, limits } = parts;
  const { source, at, deliveries } = pull;
  const { receipt, fingerprint } = delivery;
  // Events that share a receipt must be taken in together, because confirming the receipt ends all of them.
  const alone = deliveries.every((other) => other.receipt !== receipt || other.fingerprint === fingerprint);
  const most = Math.ceil(1.25 * limits.maxWaiting);
  const isFull = jobs.waiting + pull.admitted >= most || jobs.paused >= most;
  const limited = limits.limitsOf({ ...delivery, vendor: source.vendor }, () => delivery.body);
  if (alone && limited && gate.heldAt(limited.limits) >= limits.mostHeld) return { verdict: "skip", why: "limit" };
  const startsAtOnce = !limited || gate.startsAtOnce(limited);
  if (alone && isFull && startsAtOnce) return { verdict: "skip", why: "no-room" };
  if (startsAtOnce) pull.admitted += 1;
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
  return add(parts, pull, id, delivery);
}

function isEntry(one: Acceptance | Entry): one is Entry {
  return "state" in one;
}
