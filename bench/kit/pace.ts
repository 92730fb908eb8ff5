import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./serve.ts";

export type Pace = { readonly perSecond: number; readonly count: number };

/** Publishes at an even pace. After a delay it catches up at once. `n` counts from 0. */
export async function publishEvenly({ perSecond, count }: Pace, publish: (n: number) => void): Promise<void> {
  const started = now();
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, ((now() - started) / 1_000) * perSecond);
    for (; sent < due; sent += 1) publish(sent);
    await sleep(1_000 / perSecond);
  }
}
