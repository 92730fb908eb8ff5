/**
 * One run of a batch: the carrier, which is the event that got the place, and the events that it takes along. The
 * handler reports which events failed. Each event then ends on its own: it is confirmed, tried again later, or parked.
 */
import type { EndedAttempt, Failure } from "./attempt.ts";
import { type EventLog, eventLog } from "./event-log.ts";
import { toError } from "./failure.ts";
import type { BatchRun } from "./handler.ts";
import type { ResolvedHandler } from "./handlers.ts";
import type { Left } from "./inbox.ts";
import type { Carried, CarriedEnd } from "./limits.ts";
import { type Ended, endedAs, type Outcome, type Runs } from "./runs.ts";

/** One event of the batch. `number`: of its attempt. */
export type BatchMember = { readonly event: Carried["event"]; readonly number: number; readonly log: EventLog };

export type BatchOptions = {
  readonly batch: BatchRun;
  readonly carrier: BatchMember;
  readonly carried: readonly Carried[];
  readonly runs: Runs;
  readonly eventLog: Parameters<typeof eventLog>[0];
  /** Ends an event that needs no handler any more. */
  readonly ranBefore: (member: BatchMember, startedBefore: boolean) => Promise<Ended | undefined>;
  /** Runs the handler, within the time it has. */
  readonly attempt: (members: readonly BatchMember[], run: ResolvedHandler["run"]) => Promise<EndedAttempt>;
  readonly succeeded: (member: BatchMember, left: Left) => Promise<Ended>;
  readonly failed: (member: BatchMember, failure: Failure, left: Left) => Promise<Outcome>;
  /** Records how the carried events ended. */
  readonly endCarried: (ends: readonly CarriedEnd[]) => Promise<void>;
};

const NONE: ReadonlyMap<string, unknown> = new Map();

/** How the carrier ended. */
export async function runBatch(options: BatchOptions): Promise<Ended> {
  const { carrier, carried, runs, ranBefore, endCarried } = options;
  const { promise: written, resolve } = Promise.withResolvers<void>();
  const ends = new Map<string, Ended>();
  const endOf = (id: string): Ended => ends.get(id) ?? endedAs({ kind: "returned" });
  // This process already runs the event: put it back. Its next start joins that run.
  const others = carried.filter(({ event }) =>
    runs.add(
      event,
      written.then(() => endOf(event.id)),
    ),
  );
  try {
    const members = await Promise.all(
      others.map(async ({ event, attempt: number, startedBefore }) => {
        const member = { event, number, log: eventLog(options.eventLog, event) };
        const earlier = await ranBefore(member, startedBefore);
        if (earlier) ends.set(event.id, earlier);
        return earlier ? [] : [member];
      }),
    );
    for (const [id, end] of await endsOf([carrier, ...members.flat()], options)) ends.set(id, end);
    const theirs = carried.map(({ event: { id } }) => ({ id, outcome: endOf(id).outcome }));
    if (theirs.length > 0) await endCarried(theirs);
    return endOf(carrier.event.id);
  } finally {
    resolve();
  }
}

async function endsOf(members: readonly BatchMember[], options: BatchOptions): Promise<readonly [string, Ended][]> {
  const { batch, carrier, attempt, succeeded, failed } = options;
  let wrong = NONE;
  const { failure, left } = await attempt(members, async ({ log, signal }) => {
    const events = members.map(({ event, number }) => ({ event, attempt: number }));
    wrong = await batch.run(events, { log, signal });
  });
  return await Promise.all(
    members.map(async (member): Promise<[string, Ended]> => {
      const { id } = member.event;
      // The carrier's page shows the lines and the progress of the run.
      const own = member === carrier ? left : {};
      const why = failure ?? (wrong.has(id) ? failureOf(wrong.get(id)) : undefined);
      return [id, why ? endedAs(await failed(member, why, own)) : await succeeded(member, own)];
    }),
  );
}

function failureOf(thrown: unknown): Failure {
  return { thrown, error: toError(thrown) };
}
