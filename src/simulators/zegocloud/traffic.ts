/** Events of mixed kinds at a steady rate, with the duplicates and the forgeries that a real door sees. */
import { startSteady } from "../kit/steady.ts";
import type { ZegoSender } from "./sender.ts";

export type TrafficOptions = {
  readonly sender: Pick<ZegoSender, "send" | "stats" | "history">;
  /** Events per second; below 1 means one every so many seconds. */
  readonly rate: number;
  readonly kinds: readonly string[];
  /** Every so many events one is sent twice at once; 0: never. */
  readonly twiceEvery: number;
  /** Every so many events somebody forges its twin; 0: never. */
  readonly forgedEvery: number;
  /** Sending pauses while this many wait for an answer or their next try, so that a target that is away costs little. */
  readonly maxPending: number;
  readonly log: (line: string) => void;
};

export function startTraffic(options: TrafficOptions): { close(): void } {
  const { sender, rate, kinds, twiceEvery, forgedEvery, maxPending, log } = options;
  return startSteady({
    rate,
    room: () => maxPending - sender.stats().pending,
    step: (n) => send(n + 1),
    onPause: (paused) =>
      log(paused ? `${maxPending} events wait for an answer: sending pauses` : "events are answered: sending goes on"),
  });

  /** Never rejects: what became of an event stands in the sender's counts. */
  function send(nth: number): void {
    const kind = kinds[nth % kinds.length];
    if (kind === undefined) return;
    void sender.send(kind, { copies: isEvery(twiceEvery, nth) ? 2 : 1 });
    if (isEvery(forgedEvery, nth)) void sender.send(kind, { forged: true, fields: sender.history.at(-1)?.fields });
  }
}

function isEvery(count: number, nth: number): boolean {
  return count > 0 && nth % count === 0;
}
