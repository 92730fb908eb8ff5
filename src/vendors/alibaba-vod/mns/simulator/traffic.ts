/** Events of mixed types at a steady rate, as long as somebody takes them. */
import { EVENT_TYPES, sampleOf } from "../../simulator/samples.ts";
import type { MnsSimulator } from "./server.ts";

type TrafficOptions = {
  readonly simulator: Pick<MnsSimulator, "publish" | "stats" | "settings">;
  /** Events per second; below 1 means one every so many seconds. */
  readonly rate: number;
  /** Every second event goes in base64, so that both forms come up. */
  readonly base64: boolean;
  /** Publishing pauses while this many are unconfirmed, so that a forgotten simulator stays small. */
  readonly maxUnconfirmed: number;
  readonly log: (line: string) => void;
};

const TICK_MS = 50;

export function startTraffic({ simulator, rate, base64, maxUnconfirmed, log }: TrafficOptions): { close(): void } {
  let last = performance.now();
  let due = 1;
  let published = 0;
  let isPaused = false;
  const timer = setInterval(tick, TICK_MS);
  tick();
  return { close: () => clearInterval(timer) };

  function tick(): void {
    const now = performance.now();
    due += ((now - last) / 1_000) * rate;
    last = now;
    if (due < 1) return;
    const room = maxUnconfirmed - simulator.stats().unconfirmed;
    notePause(room <= 0);
    const count = Math.max(0, Math.min(Math.floor(due), room));
    for (let index = 0; index < count; index += 1) publishNext();
    // What a pause or a busy machine kept back is not made up for: the rate is a rate, not a debt.
    due = count < Math.floor(due) ? 0 : due - count;
  }

  /** Types and queues take turns, each at its own pace, so that every pair comes up. */
  function publishNext(): void {
    const { queues } = simulator.settings;
    const type = EVENT_TYPES[published % EVENT_TYPES.length] ?? "";
    const queue = queues[Math.floor(published / EVENT_TYPES.length) % queues.length];
    simulator.publish(sampleOf(type), { queue, base64: base64 && published % 2 === 1 });
    published += 1;
  }

  function notePause(pause: boolean): void {
    if (pause === isPaused) return;
    isPaused = pause;
    log(
      pause
        ? `${maxUnconfirmed} events are unconfirmed: publishing pauses`
        : "events are confirmed: publishing goes on",
    );
  }
}
