import { Chronicle } from "./chronicle.ts";
import { Counter } from "./counter.ts";
import { Dice } from "../../support/dice.ts";
import { findMishap } from "./mishaps.ts";
import type { LimitsOf } from "../../../src/core/limits.ts";
import { createLimitsOf } from "../../../src/core/order-key.ts";
import { handlersOf } from "./limits.ts";
import { LimitWatch } from "./limit-watch.ts";
import { Link, Reachability } from "./link.ts";
import { Reference } from "./reference.ts";
import { Replica } from "./replica.ts";
import { StepReference } from "./step-reference.ts";
import { CHAOS_MS, type Schedule } from "./schedule.ts";
import type { ModelStore, Seen } from "./store.ts";
import { suffer } from "./troubles.ts";
import { ModelVendor } from "./vendor.ts";
import { VirtualTime } from "./virtual-time.ts";
import { createStoreObserver } from "./store-observer.ts";
import { SOURCE, type World } from "./world.ts";

export type OpenStore = (options: {
  readonly seen: Seen;
  readonly maxWaiting: number;
  readonly limitsOf: LimitsOf;
  readonly time: VirtualTime;
}) => Promise<ModelStore>;

const START_MS = Date.UTC(2026, 0, 1);
const RESTART_MS = 1_000;
/** Long enough for the longest handler, for a clock that was set back repeatedly, and for a dozen windows. */
const CALM_MS = 1_800_000;
const LOOK_MS = 5_000;
/** A job's lock lasts 10 s and is renewed half way. */
const LOCK_MS = { least: 5_000, most: 10_000 };

/** Plays one schedule on the real core until no work is left. Rejects if a promise is broken. */
export async function play(schedule: Schedule, openStore: OpenStore) {
  const time = new VirtualTime(START_MS);
  const dice = new Dice(schedule.seed);
  const reachability = new Reachability();
  const replicas: Replica[] = [];
  const met = new Counter();
  const finding = { chaos, calls: new Counter(), met };
  const chronicle = new Chronicle(time.now);
  const { trace, violated } = chronicle;
  const vendorIs = { outage: 0, limit: 0, hasty: 0, askedBefore: 0 };
  let replicasStarted = 0;
  let runsStarted = 0;
  let poured = 0;
  let quiet = false;

  const reference = new Reference(violated, time.now);
  const steps = new StepReference(violated);
  const vendor = new ModelVendor({
    ...schedule,
    source: SOURCE,
    gone: ({ fingerprint }, receipt) => {
      trace(`the vendor takes ${receipt}`);
      reference.confirmed(fingerprint, receipt);
    },
  });
  const wake = (): void => replicas.forEach(({ runner }) => runner.look());
  const limitsOf = createLimitsOf(handlersOf(schedule));
  const limits = new LimitWatch({ schedule, limitedOf: (event) => limitsOf(event, () => event.body), violated });
  const seen = createStoreObserver({ reference, steps, limits, trace, now: time.now, wake });
  const store = await openStore({
    seen,
    maxWaiting: schedule.maxWaiting,
    limitsOf,
    time,
  });
  const world: World = {
    limits,
    schedule,
    dice,
    vendor,
    store,
    reference,
    steps,
    replicas,
    vendorIs,
    chaos,
    storeMishap: findMishap(schedule.storeMishaps, finding),
    vendorMishap: findMishap(schedule.vendorMishaps, finding),
    nextRun: () =>
      (chaos() ? schedule.runs[runsStarted++ % schedule.runs.length] : undefined) ?? { ms: 500, end: "ok" },
    nextSink: () => (chaos() ? schedule.sinks?.[poured++ % schedule.sinks.length] : undefined) ?? true,
    storeBack: () => reachability.reached(),
    storeGoes,
    met: (what) => met.add(what),
    trace,
    violated,
  };

  try {
    for (const { at, body } of schedule.happenings) time.after(at, () => publish(body));
    for (const trouble of schedule.troubles)
      time.after(trouble.at, () => {
        met.add(trouble.what);
        void suffer(trouble, world);
      });
    for (let n = 0; n < schedule.replicas; n++) time.after(0, startReplica);
    time.after(CHAOS_MS, () => void look());
    const done = (): boolean => quiet || chronicle.violation !== undefined;
    if (!(await time.run(CHAOS_MS + CALM_MS, new Dice(~schedule.seed).next, done)))
      violated(`stuck: ${vendor.waiting} at the vendor, ${JSON.stringify(await store.open())}`);
    const came = chronicle.violation === undefined ? reference.finish() : undefined;
    if (!came || chronicle.violation !== undefined) throw chronicle.toError(schedule);
    return { ...came, met };
  } finally {
    // Closing wakes those that wait for a turn. Nobody may go on from here, since time is real again.
    for (const { link } of replicas) link.dead = true;
    await store.close();
  }

  function chaos(): boolean {
    return time.now() < CHAOS_MS;
  }

  function publish(body: string): void {
    trace(`${body} happened`);
    const { fingerprint } = vendor.publish(body);
    reference.happened(fingerprint, body);
    limits.happened(fingerprint, { vendor: SOURCE.vendor, type: "", body: { body } });
    if (time.now() < vendorIs.askedBefore) reference.excuse(fingerprint, "clock jumped");
  }

  function startReplica(): void {
    const link = new Link(`replica ${++replicasStarted}`, world, reachability);
    const replica = new Replica(link, world);
    replicas.push(replica);
    link.onDeath = () => {
      replicas.splice(replicas.indexOf(replica), 1);
      replica.runner.loseLocks(LOCK_MS.most);
      time.after(RESTART_MS, startReplica);
    };
    replica.start();
  }

  function storeGoes(ms: number): void {
    trace(`the store is away for ${ms} ms`);
    reachability.go(ms);
    if (ms < LOCK_MS.least + dice.below(LOCK_MS.most - LOCK_MS.least)) return;
    met.add("locks lost");
    for (const { runner } of replicas) runner.loseLocks(ms);
  }

  /** Runs after the troubles. An operator retries parked events until no work is left. */
  async function look(): Promise<void> {
    await store.retryAll();
    const { events, jobs } = await store.open();
    quiet = vendor.waiting + events + jobs === 0;
    time.after(LOOK_MS, () => void look());
  }
}
