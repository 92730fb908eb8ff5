import { fingerprint } from "../../src/core/fingerprint.ts";
import type { Delivery, SourceTerms } from "../../src/core/types.ts";

/** Something that happened at the vendor. Its body tells it from others only if theirs differ. */
type Happening = {
  readonly body: string;
  readonly fingerprint: string;
  hiddenUntil: number;
  receipt: string;
  gone: boolean;
  /** Deliveries in a row whose answer nobody read. */
  unread: number;
};

type VendorOptions = {
  readonly source: SourceTerms;
  /** One of these was confirmed. */
  readonly gone: (body: string) => void;
  /** Two deliveries of one of these in a row were lost on their way. */
  readonly lostTwice: (body: string) => void;
};

/** A queue with a visibility window: every delivery has a receipt of its own, and only the newest one counts, inside its window. */
export class ModelVendor {
  readonly happenings: Happening[] = [];
  readonly #options: VendorOptions;
  #receipts = 0;

  constructor(options: VendorOptions) {
    this.#options = options;
  }

  publish(body: string): void {
    const print = fingerprint(this.#options.source.name, body);
    this.happenings.push({ body, fingerprint: print, hiddenUntil: 0, receipt: "", gone: false, unread: 0 });
  }

  deliver(now: number): Delivery[] {
    const { source, lostTwice } = this.#options;
    const visible = this.happenings.filter(({ gone, hiddenUntil }) => !gone && hiddenUntil <= now);
    return visible.slice(0, source.batchSize).map((happening) => {
      const { body } = happening;
      happening.unread += 1;
      if (happening.unread === 2) lostTwice(body);
      happening.receipt = `receipt-${++this.#receipts}`;
      happening.hiddenUntil = now + source.windowMs;
      return { receipt: happening.receipt, fingerprint: happening.fingerprint, type: "T", body: { body } };
    });
  }

  /** The answer with these arrived. */
  read(deliveries: readonly Delivery[]): void {
    for (const { receipt } of deliveries)
      for (const happening of this.happenings) if (happening.receipt === receipt) happening.unread = 0;
  }

  /** All or nothing: one dead receipt spoils the call. What was taken, or undefined. */
  confirm(now: number, receipts: readonly string[]): Happening[] | undefined {
    const meant = this.happenings.filter(
      ({ receipt, gone, hiddenUntil }) => receipts.includes(receipt) && !gone && now < hiddenUntil,
    );
    if (meant.length < receipts.length) return undefined;
    for (const happening of meant) {
      happening.gone = true;
      this.#options.gone(happening.body);
    }
    return meant;
  }
}
