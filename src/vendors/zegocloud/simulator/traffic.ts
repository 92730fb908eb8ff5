/** Events of mixed kinds at a steady rate, with the duplicates and the forgeries that a real door sees. */
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

const TICK_MS = 50;

export function startTraffic(options: TrafficOptions): { close(): void } {
  const { sender, rate, kinds, twiceEvery, forgedEvery, maxPending, log } = options;
  let last = performance.now();
  let due = 1;
  let made = 0;
  let isPaused = false;
  const timer = setInterval(tick, TICK_MS);
  tick();
  return { close: () => clearInterval(timer) };

  function tick(): void {
    const now = performance.now();
    due += ((now - last) / 1000) * rate;
    last = now;
    if (due < 1) return;
    const room = maxPending - sender.stats().pending;
    notePause(room <= 0);
    const count = Math.max(0, Math.min(Math.floor(due), room));
    for (let index = 0; index < count; index += 1) sendNext();
    // What a pause or a busy machine kept back is not made up for: the rate is a rate, not a debt.
    due = count < Math.floor(due) ? 0 : due - count;
  }

  /** Never rejects: what became of an event stands in the sender's counts. */
  function sendNext(): void {
    made += 1;
    const kind = kinds[made % kinds.length];
    if (kind === undefined) return;
    void sender.send(kind, { copies: isTurn(twiceEvery) ? 2 : 1 });
    if (isTurn(forgedEvery)) void sender.send(kind, { forged: true, fields: sender.history.at(-1)?.fields });
  }

  function isTurn(every: number): boolean {
    return every > 0 && made % every === 0;
  }

  function notePause(pause: boolean): void {
    if (pause === isPaused) return;
    isPaused = pause;
    log(pause ? `${maxPending} events wait for an answer: sending pauses` : "events are answered: sending goes on");
  }
}
