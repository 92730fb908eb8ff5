import { expect, test } from "vitest";
import { judge } from "../../bench/soak/judge.ts";
import type { Soaked } from "../../bench/soak/soak.ts";
import type { End, Sample } from "../../bench/soak/stage.ts";
import { tempoOf } from "../../bench/soak/tempo.ts";

const RATE = 500;

test("the soak reports no problem if the rate was held and nothing was lost or leaked", () => {
  expect(judge(soakedOf(), RATE).problems).toEqual([]);
});

test("the soak does not judge samples from the warm-up", () => {
  expect(judge(soakedOf({ change: warmUp }), RATE)).toMatchObject({ problems: [], warmUpMinutes: 2.5 });
});

test("the soak's verdict names a value that grows", () => {
  expect(judge(soakedOf({ change: leaking }), RATE).problems).toEqual(["heap in use, MB: growing"]);
});

test("the soak reports a rate that was not held", () => {
  expect(judge(soakedOf({ perSecond: 480 }), RATE).problems).toEqual(["480 events/s were published instead of 500"]);
});

test("the soak reports lost, repeated and leftover events with their numbers", () => {
  const end = {
    vendors: { ...countsAt(300_000), unconfirmed: 1, lostPushes: 2, pauses: 3 },
    tally: { missing: 4, again: 5, failures: 3_006, surprises: ["no place"] },
    redis: { ...REDIS, records: 7, otherKeys: 20 },
    ready: false,
  };

  expect(judge(soakedOf({ end }), RATE).problems).toEqual([
    "pauses in publishing, since too much was unconfirmed: 3",
    "events unconfirmed after the drain: 1",
    "pushes given up by their vendor: 2",
    "events never handled: 4",
    "runs of what was handled already: 5",
    "runs that failed and should not have: 6",
    "records left in the ledger: 7",
    "the worker is not ready after the drain",
    "a run failed that should not have: no place",
  ]);
});

test("the soak reports a warning of the process as a problem, once", () => {
  const warning = "MaxListenersExceededWarning: 11 abort listeners";
  const end = { worker: { ...WORKER, warnings: [warning, warning] } };

  expect(judge(soakedOf({ end }), RATE).problems).toEqual([`the process warned: ${warning}`]);
});

test("a soak that was stopped early shows what it has measured", () => {
  const { samples, tempo } = soakedOf();

  const { problems, rows } = judge({ tempo, samples: samples.slice(0, 5) }, RATE);

  expect(problems).toEqual(["it was stopped before its end"]);
  expect(rows.length).toBeGreaterThan(5);
});

const REDIS = {
  usedBytes: 8e6,
  records: 0,
  pushes: 30_000,
  jobs: 1_000,
  openJobs: 0,
  parkedJobs: 0,
  otherKeys: 20,
  receipts: 0,
  unconfirmed: 0,
  handled: 0,
};
const HEAP_COUNTS = { objects: 90_000, promises: 500, signals: 15, emitters: 50, listeners: 300, timers: 50 };
const WORKER = {
  heapBytes: 40e6,
  externalBytes: 10e6,
  rssBytes: 200e6,
  descriptors: 50,
  sockets: 10,
  activeTimers: 20,
  heapCounts: HEAP_COUNTS,
  warnings: [],
  errors: 0,
};

type Made = {
  readonly perSecond?: number;
  readonly change?: (sample: Sample) => Sample;
  readonly end?: Partial<End>;
};

/** Ten minutes, in samples of ten seconds. */
function soakedOf({ perSecond = RATE, change = (sample) => sample, end = {} }: Made = {}): Soaked {
  const samples = Array.from({ length: 60 }, (_, index): Sample => {
    const atMs = (index + 1) * 10_000;
    return { atMs, worker: WORKER, redis: REDIS, vendors: countsAt((atMs / 1_000) * perSecond) };
  });
  const last = { atMs: 660_000, worker: WORKER, redis: REDIS, vendors: countsAt(300_000) };
  const tally = { missing: 0, again: 0, failures: 3_000, surprises: [] };
  return { tempo: tempoOf(10), samples: samples.map(change), end: { ...last, tally, ready: true, ...end } };
}

function countsAt(published: number) {
  const none = { unconfirmed: 0, redelivered: 0, lostPushes: 0, faults: 0, pauses: 0 };
  return { published, confirmed: published, failures: 3_000, ...none };
}

function warmUp(sample: Sample): Sample {
  return sample.atMs < 150_000 ? withHeap(sample, sample.atMs * 1_000) : sample;
}

function leaking(sample: Sample): Sample {
  return withHeap(sample, sample.vendors.confirmed * 100);
}

function withHeap(sample: Sample, bytes: number): Sample {
  return { ...sample, worker: { ...sample.worker, heapBytes: sample.worker.heapBytes + bytes } };
}
