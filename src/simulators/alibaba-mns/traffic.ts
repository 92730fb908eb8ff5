/** Events of mixed types at a steady rate, as long as somebody takes them. */
import { startSteady } from "../kit/steady.ts";
import { EVENT_TYPES, sampleOf } from "../alibaba-vod/samples.ts";
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

export function startTraffic({ simulator, rate, base64, maxUnconfirmed, log }: TrafficOptions): { close(): void } {
  return startSteady({
    rate,
    room: () => maxUnconfirmed - simulator.stats().unconfirmed,
    step: publish,
    onPause: (paused) =>
      log(
        paused
          ? `${maxUnconfirmed} events are unconfirmed: publishing pauses`
          : "events are confirmed: publishing goes on",
      ),
  });

  /** Types and queues take turns, each at its own pace, so that every pair comes up. */
  function publish(n: number): void {
    const { queues } = simulator.settings;
    const type = EVENT_TYPES[n % EVENT_TYPES.length] ?? "";
    const queue = queues[Math.floor(n / EVENT_TYPES.length) % queues.length];
    simulator.publish(sampleOf(type), { queue, base64: base64 && n % 2 === 1 });
  }
}
