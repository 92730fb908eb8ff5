import { Counter } from "./counter.ts";
import { Dice } from "./dice.ts";
import { Link, Reachability } from "./link.ts";
import { Reference } from "./reference.ts";
import { Replica } from "./replica.ts";
import { CHAOS_MS, type Schedule, type StoreMishap, type VendorMishap } from "./schedule.ts";
import type { ModelStore, Seen } from "./store.ts";
import { suffer } from "./troubles.ts";
import { ModelVendor } from "./vendor.ts";
import { VirtualTime } from "./virtual-time.ts";
import { SOURCE, type World } from "./world.ts";

export type OpenStore = (options: {
  readonly seen: Seen;
  readonly maxWaiting: number;
  readonly time: VirtualTime;
}) => Promise<ModelStore>;

const START_MS = Date.UTC(2026, 0, 1);
const RESTART_MS = 1_000;
/** Enough for the longest handler, a clock that was set back again and again, and a dozen windows. */
const CALM_MS = 1_800_000;
const LOOK_MS = 5_000;
/** A job's lock lasts for 10 s, and is renewed half way. */
const LOCK_MS = { least: 5_000, most: 10_000 };
/** A confirmation is over by then: its window, and the longest call. */
const IN_TIME_MS = SOURCE.windowMs + 5_000;
/** More lines with `MODEL_TRACE`. */
const TRACED = Number(process.env["MODEL_TRACE"] ?? 200);

/** One schedule on the real core, until nothing is left to do; a promise that is broken ends it with an error. */
export async function play(schedule: Schedule, openStore: OpenStore) {
  const time = new VirtualTime(START_MS);
  const dice = new Dice(schedule.seed);
  const reachability = new Reachability();
  const replicas: Replica[] = [];
  const met = new Counter();
  const findInStore = find(schedule.storeMishaps, met);
  const findAtVendor = find(schedule.vendorMishaps, met);
  const { trace, traced } = traceBy(time);
  const added = new Set<string>();
  const inTime = new Map<string, number>();
  const vendorIs = { outage: 0, limit: 0, hasty: 0 };
  let replicasStarted = 0;
  let runsStarted = 0;
  let violation: string | undefined;
  let quiet = false;

  const reference = new Reference(violated);
  const vendor = new ModelVendor({
    ...schedule,
    source: SOURCE,
    gone: ({ fingerprint }, receipt) => {
      trace(`the vendor takes ${receipt}`);
      reference.confirmed(fingerprint, receipt);
    },
  });
  const store = await openStore({ seen: seen(), maxWaiting: schedule.maxWaiting, time });
  const world: World = {
    schedule,
    dice,
    vendor,
    store,
    reference,
    replicas,
    vendorIs,
    chaos,
    storeMishap: (call) => (chaos() ? findInStore(call) : undefined),
    mishap: (call) => (chaos() ? findAtVendor(call) : undefined),
    nextRun: () =>
      (chaos() ? schedule.runs[runsStarted++ % schedule.runs.length] : undefined) ?? { ms: 500, end: "ok" },
    storeBack: () => reachability.reached(),
    storeGoes,
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
    await time.run(CHAOS_MS + CALM_MS, new Dice(~schedule.seed).next, () => quiet || violation !== undefined);
    if (!quiet && violation === undefined)
      violated(`stuck: ${vendor.waiting} at the vendor, ${JSON.stringify(await store.open())}`);
    const total = violation === undefined ? reference.finish() : undefined;
    if (!total || violation !== undefined) throw new Error([violation, ...traced, JSON.stringify(schedule)].join("\n"));
    return { ...total, met };
  } finally {
    await store.close();
  }

  function chaos(): boolean {
    return time.now() < CHAOS_MS;
  }

  /** The first one counts: others may follow from it. */
  function violated(what: string): void {
    trace(`VIOLATED: ${what}`);
    violation ??= what;
  }

  function publish(body: string): void {
    trace(`${body} happened`);
    reference.happened(vendor.publish(body).fingerprint, body);
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

  /** When all is calm: an operator retries what is parked, until nothing is left to do. */
  async function look(): Promise<void> {
    await store.retryAll();
    const { events, jobs } = await store.open();
    quiet = vendor.waiting + events + jobs === 0;
    time.after(LOOK_MS, () => void look());
  }

  function seen(): Seen {
    return {
      accepted(deliveries, link) {
        trace(`${link.name} accepts ${deliveries.map(({ receipt, verdict }) => `${receipt}: ${verdict}`).join(", ")}`);
        vendor.read(deliveries.map(({ receipt }) => receipt));
        for (const { receipt, verdict } of deliveries)
          if (verdict !== "skip") inTime.set(receipt, time.now() + IN_TIME_MS);
      },
      drained(count) {
        if (count === 0) return;
        trace(`${count} did not return`);
        reference.forgot();
        for (const { fingerprint } of vendor.lostTwice) reference.excuse(fingerprint, "deliveries lost");
      },
      marked(event, ran, stored, link) {
        trace(`${link.name} marked ${event.id}: ran ${ran}, stored ${stored}`);
        reference.marked(event, ran, stored, link);
      },
      settled(owed) {
        const late = time.now() > (inTime.get(owed.receipt) ?? 0);
        trace(`settled ${owed.receipt}${late ? ", too late" : ""}`);
        reference.settled(owed, owed.receipt, late);
      },
      added({ id, fingerprint }) {
        if (added.has(id)) reference.excuse(fingerprint, "added again");
        added.add(id);
      },
      jobs: () => replicas.forEach(({ runner }) => runner.look()),
    };
  }
}

type Mishap = StoreMishap | VendorMishap;

/** Finds each mishap when the call that it is for is made. */
function find<Of extends Mishap>(mishaps: readonly Of[], met: Counter): (call: Of["call"]) => Of | undefined {
  const calls = new Counter();
  const known = new Map(mishaps.map((one) => [`${one.call} ${one.nth}`, one]));
  return (call) => {
    const one = known.get(`${call} ${calls.of(call)}`);
    calls.add(call);
    if (one) met.add(`${call} ${one.fate}`);
    return one;
  };
}

/** The last lines, with their times. */
function traceBy(time: VirtualTime) {
  const traced: string[] = [];
  return {
    traced,
    trace(text: string): void {
      traced.push(`${(time.now() / 1_000).toFixed(3)} s  ${text}`);
      if (traced.length > 2 * TRACED) traced.splice(0, TRACED);
    },
  };
}
