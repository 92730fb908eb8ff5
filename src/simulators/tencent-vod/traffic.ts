/** Events of mixed types at a steady rate, as long as somebody confirms them. */
import { startSteady } from "../kit/steady.ts";
import type { Simulator } from "./server.ts";

type TrafficOptions = {
  readonly simulator: Pick<Simulator, "publish" | "stats" | "settings">;
  /** Events per second; below 1 means one every so many seconds. */
  readonly rate: number;
  readonly types: readonly string[];
  /** Publishing pauses while this many are unconfirmed, so that a forgotten simulator stays small. */
  readonly maxUnconfirmed: number;
  readonly log: (line: string) => void;
};

export function startTraffic({ simulator, rate, types, maxUnconfirmed, log }: TrafficOptions): { close(): void } {
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

  /** Types and applications take turns, each at its own pace, so that every pair comes up. */
  function publish(n: number): void {
    const { subAppIds } = simulator.settings;
    const type = types[n % types.length];
    const subAppId = subAppIds[Math.floor(n / types.length) % subAppIds.length];
    if (type !== undefined) simulator.publish(type, { subAppId });
  }
}
