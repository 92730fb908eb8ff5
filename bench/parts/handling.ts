/** What handlers of the bench do: they note when they started. */
import { quantilesOf } from "../kit/numbers.ts";
import type { Handled } from "../kit/replies.ts";
import { now } from "../kit/serve.ts";

/** More than any handler of the bench takes: so long without a start, and nothing runs. */
const IDLE_FROM_MS = 1_000;

const delays: number[] = [];
let lastStart = Infinity;
let idleMs = 0;

export function noteStart({ SentAt }: Readonly<Record<string, unknown>>): void {
  const at = now();
  delays.push(at - Number(SentAt));
  if (at - lastStart > IDLE_FROM_MS) idleMs += at - lastStart;
  lastStart = at;
}

export function handled(): Handled {
  return { runs: delays.length, startedAfterMs: quantilesOf(delays), idleMs };
}

export function countRuns(): number {
  return delays.length;
}

export function forget(): void {
  delays.length = 0;
  idleMs = 0;
  lastStart = Infinity;
}
