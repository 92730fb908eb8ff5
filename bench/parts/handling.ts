/** A part whose handlers record when they started. */
import { quantilesOf } from "../kit/numbers.ts";
import type { Handled } from "../kit/replies.ts";
import { now, type Routes, serve, startCost } from "../kit/serve.ts";

/** Longer than any handler of the bench. Such a pause means that nothing runs. */
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

function handled(): Handled {
  return { runs: delays.length, startedAfterMs: quantilesOf(delays), idleMs };
}

export function countRuns(): number {
  return delays.length;
}

function forget(): void {
  delays.length = 0;
  idleMs = 0;
  lastStart = Infinity;
}

/** Serves such a part. Its cost counts from `start`, or from the last `startCost`. */
export function serveConsumer(start: (input: unknown) => unknown, more: Routes = {}): void {
  let cost = startCost();
  const count = (): void => {
    cost = startCost();
  };
  serve({
    async start(input) {
      count();
      await start(input);
    },
    startCost: count,
    cost: () => cost(),
    handled,
    forget,
    ...more,
  });
}
