import { setMaxListeners } from "node:events";
import { VendorError } from "../../src/core/errors.ts";
import { sleep } from "../../src/core/sleep.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { Delivery, Pulled, Source } from "../../src/core/source.ts";

type Action = "pull" | "confirm";

/** A source that the test controls. It delivers what the test publishes, fails on request and records every call. */
export class FakeSource implements Source {
  readonly name = "fake/1";
  readonly vendor = "fake";
  readonly windowMs = 30_000;
  readonly retentionMs = 4 * 86_400_000;
  readonly batchSize = 16;
  readonly maxCallsPerSecond = 100;

  /** The deliveries of the next pulls. A pull removes those that it returns. */
  readonly visible: Delivery[] = [];
  /** Receipts that it refuses. */
  readonly dead = new Set<string>();
  /** A dead receipt fails the whole call, or is reported by name while the others are confirmed. */
  refuses: "the call" | "by name" = "the call";
  /** The time that every answer takes. */
  answerMs = 10;
  /** The time that an empty pull waits for events. 0 means no waiting. */
  holdMs = 5_000;
  /** While set, every call of that kind fails with this error. */
  readonly failing: Partial<Record<Action, unknown>> = {};

  readonly pulls: { readonly at: number; readonly max: number; readonly signal: AbortSignal | undefined }[] = [];
  readonly confirms: { readonly at: number; readonly receipts: readonly string[] }[] = [];
  /** Calls in progress. */
  running = 0;
  mostRunning = 0;
  #published = 0;
  /** Wakes the pulls that wait for events. */
  #shown = new AbortController();
  readonly #failNext: Record<Action, unknown[]> = { pull: [], confirm: [] };

  /** Publishes this many different events. */
  publish(count: number): void {
    for (let n = 0; n < count; n++) this.visible.push(deliveryOf(`r${this.#published++}`));
    this.#shown.abort();
    this.#shown = new AbortController();
  }

  failNext(action: Action, ...errors: readonly unknown[]): void {
    this.#failNext[action].push(...errors);
  }

  async pull(max: number, signal?: AbortSignal): Promise<Pulled> {
    this.pulls.push({ at: performance.now(), max, signal });
    // All lanes share one signal, so it has many listeners.
    if (signal) setMaxListeners(0, signal);
    return await this.#call("pull", signal, async () => {
      const waits = this.visible.length === 0 && this.holdMs > 0;
      if (waits)
        await sleep(this.holdMs, AbortSignal.any(signal ? [signal, this.#shown.signal] : [this.#shown.signal]));
      signal?.throwIfAborted();
      const deliveries = this.visible.splice(0, max);
      return { deliveries, waited: waits && deliveries.length === 0 };
    });
  }

  async confirm(receipts: readonly string[]): Promise<{ readonly refused: readonly string[] }> {
    this.confirms.push({ at: performance.now(), receipts });
    return await this.#call("confirm", undefined, () => {
      const refused = receipts.filter((receipt) => this.dead.has(receipt));
      if (refused.length > 0 && this.refuses === "the call") throw new VendorError("refused", "a receipt is dead");
      return { refused };
    });
  }

  async check(): Promise<readonly Finding[]> {
    return [];
  }

  close(): void {}

  async #call<T>(action: Action, signal: AbortSignal | undefined, answer: () => T | Promise<T>): Promise<T> {
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      // Sleeping 0 ms may take a fake clock 1 ms.
      if (this.answerMs > 0) await sleep(this.answerMs, signal);
      signal?.throwIfAborted();
      const failure = this.#failNext[action].shift() ?? this.failing[action];
      if (failure !== undefined) throw failure;
      return await answer();
    } finally {
      this.running -= 1;
    }
  }
}

export function deliveryOf(receipt: string): Delivery {
  return { receipt, fingerprint: `fp-${receipt}`, type: "Uploaded", body: { file: receipt } };
}
