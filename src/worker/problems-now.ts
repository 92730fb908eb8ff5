/** Lists the current problems. `core/health.ts` decides which of them count. */
import type { Config } from "../config/config.ts";
import type { Confirmer } from "../core/confirmer.ts";
import { inMib } from "../core/in-mib.ts";
import type { DataLoss } from "../core/data-loss.ts";
import type { Poller } from "../core/poller.ts";
import { type Problem, problems, problemsOf } from "../core/problems.ts";
import type { Processor } from "../core/processor.ts";
import type { Replica } from "../core/replica.ts";
import type { SourceTerms } from "../core/source.ts";
import type { CallbackStatus, LimitStatus, SourceStatus } from "../http/probes/status-contract.ts";

/** A pull may be held for seconds. If it takes longer than this, something is wrong. */
const SILENT_MS = 60_000;
/** Redis answers within 6 s. Otherwise the connection is replaced. */
const NOT_STORED_MS = 15_000;
/** The size of the largest possible body. */
const LARGEST_CALLBACK = 1024 * 1024;

export function dataLossProblems(loss: DataLoss | undefined): readonly Problem[] {
  return loss ? [problems.redisDataLost(loss)] : [];
}

export function pullProblems({ source: { name }, trouble, lastPullAt }: Poller): readonly Problem[] {
  const unanswered = lastPullAt ? [] : [problems.pullUnanswered(name)];
  // The cause is Redis, which is reported once for all sources.
  if (trouble?.redis) return unanswered;
  if (trouble) return [...unanswered, problems.pullFailing(name, trouble)];
  if (!lastPullAt) return unanswered;
  return Date.now() - lastPullAt.getTime() > SILENT_MS ? [problems.pullSilent(name, lastPullAt)] : [];
}

export function sourceProblems(
  { name, findings, oldestUnconfirmedMs = 0, retentionMs }: SourceStatus,
  confirmer: Pick<Confirmer, "trouble" | "waitingSince"> | undefined,
): readonly Problem[] {
  const leftMs = retentionMs - oldestUnconfirmedMs;
  const silentMs = ageOf(confirmer?.waitingSince);
  return [
    ...(confirmer?.trouble ? [problems.confirmFailing(name, confirmer.trouble)] : []),
    ...(silentMs > SILENT_MS ? [problems.confirmSilent(name, silentMs)] : []),
    ...problemsOf(findings, name),
    ...(leftMs < retentionMs / 4 ? [problems.eventsExpiring(name, leftMs)] : []),
  ];
}

export function storeProblems(processor: Pick<Processor, "storingSince"> | undefined): readonly Problem[] {
  const ms = ageOf(processor?.storingSince);
  return ms > NOT_STORED_MS ? [problems.notStored(ms)] : [];
}

function ageOf(since: number | undefined): number {
  return since === undefined ? 0 : performance.now() - since;
}

/** Each parked event is delivered again in each window. At a quarter of the call quota a person should act. */
export function crowdingProblems(
  parked: number,
  pulled: readonly SourceTerms[],
  policy: Config["parked"],
): readonly Problem[] {
  // The sources of one vendor share its quota.
  const carried = new Map(pulled.map((source) => [source.vendor, carriedBy(source)]));
  const limit = [...carried.values()].reduce((sum, most) => sum + most, 0) / 4;
  if (pulled.length === 0 || policy === "confirm" || parked <= limit) return [];
  return [problems.tooManyParked(parked)];
}

/** No new events of this limited handler are taken in. */
export function limitProblems(limits: readonly LimitStatus[]): readonly Problem[] {
  return limits.flatMap(({ handler, held, maxHeld }) => (held >= maxHeld ? [problems.limitFull(handler, held)] : []));
}

/** Problems with the limits of handlers that run here, and with processes that take in their events. */
export function orderProblems(replicas: readonly Replica[], ordered: readonly string[]): readonly Problem[] {
  if (ordered.length === 0) return [];
  return replicas.flatMap(({ name, isWithoutHandlers }) =>
    isWithoutHandlers ? [problems.orderUnknown(name, ordered)] : [],
  );
}

export function callbackProblems(callbacks: CallbackStatus): readonly Problem[] {
  const { waiting, waitingBytes, maxWaiting, maxWaitingBytes } = callbacks;
  if (waiting < maxWaiting && waitingBytes + LARGEST_CALLBACK <= maxWaitingBytes) return [];
  const events = `${waiting} of at most ${maxWaiting} events`;
  return [problems.callbacksRefused(`${events} and ${inMib(waitingBytes)} of at most ${inMib(maxWaitingBytes)}`)];
}

/** The number of events that a vendor's quota can deliver again in one window. */
function carriedBy({ maxCallsPerSecond, batchSize, windowMs }: SourceTerms): number {
  return (maxCallsPerSecond * batchSize * windowMs) / 1_000;
}
