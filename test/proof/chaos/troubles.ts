/** The troubles. A trouble with a higher weight happens more often. `strike` resolves when the trouble is over. */
import { sleep } from "../../../src/core/sleep.ts";
import type { Fault } from "../../../src/simulators/tencent-vod/faults.ts";
import type { Dice } from "../../support/dice.ts";
import type { WorkerProcess } from "../../support/process.ts";
import { type Stage, STOPPED } from "./stage.ts";

export type Trouble = {
  readonly weight: number;
  /** Only one trouble at a time may strike this place. */
  readonly where?: string;
  strike(stage: Stage, dice: Dice): Promise<void>;
};

export const KILLED = "a worker is killed";
export const FROZEN = "a worker is frozen";
const REDIS_AWAY = "Redis is killed and comes back";
export const REDIS_EMPTY = "Redis comes back without its data";
const REDIS_SILENT = "Redis does not answer, connections stay open";
export const VENDOR_SILENT = "the vendor does not answer, connections stay open";

export function isOfRedis(what: string): boolean {
  return [REDIS_AWAY, REDIS_EMPTY, REDIS_SILENT].includes(what);
}

export function isOfWorkers(what: string): boolean {
  return [KILLED, FROZEN, STOPPED].includes(what);
}

export const TROUBLES: readonly Trouble[] = [
  { weight: 10, strike: kill },
  { weight: 3, strike: stop },
  { weight: 2, strike: freeze },
  { weight: 2, where: "redis", strike: (stage, dice) => restartRedis(stage, dice.below(4_000), REDIS_AWAY) },
  // This is longer than a job lock.
  { weight: 1, where: "redis", strike: (stage, dice) => restartRedis(stage, dice.between(11_000, 14_000), REDIS_AWAY) },
  { weight: 2, where: "redis", strike: (stage, dice) => restartRedis(stage, dice.below(2_000), REDIS_EMPTY) },
  { weight: 2, where: "redis", strike: (stage, dice) => silence(stage, stage.toRedis, dice, REDIS_SILENT) },
  { weight: 2, where: "to the vendor", strike: (stage, dice) => silence(stage, stage.toVendor, dice, VENDOR_SILENT) },
  { weight: 12, where: "the vendor", strike: spoil },
];

/** The fault hits this share of the calls that arrive during it. */
const FAULTS: readonly (Fault & { readonly weight: number; readonly probability: number })[] = [
  { weight: 2, kind: "http-500", probability: 0.5 },
  { weight: 2, kind: "http-429", probability: 0.5 },
  { weight: 2, kind: "error", code: "RequestLimitExceeded", probability: 0.5 },
  { weight: 2, kind: "error", code: "InternalError", probability: 0.3 },
  { weight: 2, kind: "non-json", probability: 0.5 },
  { weight: 1, kind: "no-response-member", probability: 0.3 },
  { weight: 2, kind: "drop-before", probability: 0.5 },
  { weight: 2, kind: "drop-after", probability: 0.3 },
  { weight: 2, kind: "http-500", effect: true, action: "ConfirmEvents", probability: 0.5 },
  { weight: 1, kind: "latency", ms: 4_000, probability: 0.3 },
  { weight: 1, kind: "latency", ms: 15_000, action: "ConfirmEvents", probability: 0.2 },
  { weight: 2, kind: "stale", probability: 0.2 },
  { weight: 1, kind: "duplicate", probability: 0.1 },
  { weight: 1, kind: "reorder", probability: 0.5 },
];

/** Never picks a worker that is stopping: a second signal would make it exit at once. */
function pickWorker({ living, incidents }: Stage, dice: Dice): WorkerProcess | undefined {
  const stopping = new Set(incidents.filter(({ what }) => what === STOPPED).map(({ pid }) => pid));
  const others = living().filter(({ pid }) => !stopping.has(pid));
  return others[dice.below(others.length)];
}

async function kill(stage: Stage, dice: Dice): Promise<void> {
  const worker = pickWorker(stage, dice);
  if (!worker) return;
  stage.note(KILLED, worker.pid);
  worker.send("SIGKILL");
  await worker.exited;
}

async function stop(stage: Stage, dice: Dice): Promise<void> {
  const worker = pickWorker(stage, dice);
  if (!worker) return;
  const stopping = stage.note(STOPPED, worker.pid);
  worker.send("SIGTERM");
  await worker.exited;
  stopping.over();
}

async function freeze(stage: Stage, dice: Dice): Promise<void> {
  const worker = pickWorker(stage, dice);
  if (!worker) return;
  const frozen = stage.note(FROZEN, worker.pid);
  worker.send("SIGSTOP");
  await sleep(dice.between(1_000, 14_000));
  if (stage.living().includes(worker)) worker.send("SIGCONT");
  frozen.over();
}

async function restartRedis({ redis, note }: Stage, awayMs: number, what: string): Promise<void> {
  const away = note(what);
  await redis.kill9();
  if (what === REDIS_EMPTY) await redis.forget();
  await sleep(awayMs);
  await redis.start();
  away.over();
}

async function silence({ note }: Stage, line: Stage["toRedis"], dice: Dice, what: string): Promise<void> {
  const silent = note(what);
  line.fallSilent();
  await sleep(dice.between(500, 9_000));
  if (dice.chance(50)) line.speak();
  else line.cut();
  silent.over();
}

async function spoil({ world, note }: Stage, dice: Dice): Promise<void> {
  const { weight: _, ...fault } = dice.pick(FAULTS);
  const spoilt = note(["the vendor:", fault.kind, fault.code, fault.action].filter(Boolean).join(" "));
  world.simulator.faults.inject(fault);
  await sleep(dice.between(1_000, 8_000));
  world.simulator.faults.clear();
  spoilt.over();
}
