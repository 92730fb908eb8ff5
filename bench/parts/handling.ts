/** What handlers of the bench do: they note when they started. */
import { quantilesOf } from "../numbers.ts";
import type { Handled } from "../replies.ts";
import { now } from "../serve.ts";

const delays: number[] = [];

export function noteStart({ SentAt }: Readonly<Record<string, unknown>>): void {
  delays.push(now() - Number(SentAt));
}

export function handled(): Handled {
  return { runs: delays.length, startedAfterMs: quantilesOf(delays) };
}

export function forget(): void {
  delays.length = 0;
}
