import { fingerprint } from "../../src/core/fingerprint.ts";
import type { Delivery, SourceTerms } from "../../src/core/types.ts";

/** `strict`: only the newest receipt counts, inside its window. `lenient`: every one, at any time. `same`: there is only one. */
export type Receipts = "strict" | "lenient" | "same";

/** Something that happened at the vendor. Its body tells it from others only if theirs differ. */
type Happening = {
  readonly body: string;
  readonly fingerprint: string;
  hiddenUntil: number;
  /** The newest is the last. */
  receipts: string[];
  gone: boolean;
  /** Deliveries in a row whose answer nobody read. */
  unread: number;
};

type VendorOptions = {
  readonly source: SourceTerms;
  readonly receipts: Receipts;
  /** One of these was confirmed. */
  readonly gone: (body: string) => void;
  /** Two deliveries of one of these in a row were lost on their way. */
  readonly lostTwice: (body: string) => void;
};

/** A queue with a visibility window. */
export class ModelVendor {
  readonly happenings: Happening[] = [];
  readonly #options: VendorOptions;
  #receipts = 0;

  constructor(options: VendorOptions) {
    this.#options = options;
  }

  publish(body: string): void {
    const print = fingerprint(this.#options.source.name, body);
    this.happenings.push({ body, fingerprint: print, hiddenUntil: 0, receipts: [], gone: false, unread: 0 });
  }

  deliver(now: number): Delivery[] {
    const { source, receipts, lostTwice } = this.#options;
    const visible = this.happenings.filter(({ gone, hiddenUntil }) => !gone && hiddenUntil <= now);
    return visible.slice(0, source.batchSize).map((happening) => {
      const { body } = happening;
      happening.unread += 1;
      if (happening.unread === 2) lostTwice(body);
      const known = receipts === "same" ? happening.receipts[0] : undefined;
      const receipt = known ?? `receipt-${++this.#receipts}`;
      happening.receipts = receipts === "strict" ? [receipt] : [...happening.receipts, receipt];
      happening.hiddenUntil = now + source.windowMs;
      return { receipt, fingerprint: happening.fingerprint, type: "T", body: { body } };
    });
  }

  /** The answer with these arrived. */
  read(deliveries: readonly Delivery[]): void {
    for (const { receipt } of deliveries)
      for (const happening of this.happenings) if (happening.receipts.at(-1) === receipt) happening.unread = 0;
  }

  /** All or nothing: one dead receipt spoils the call. What was taken, or undefined. */
  confirm(now: number, receipts: readonly string[]): Happening[] | undefined {
    const strict = this.#options.receipts === "strict";
    const meant = this.happenings.filter(
      (one) =>
        !one.gone && one.receipts.some((receipt) => receipts.includes(receipt)) && (!strict || now < one.hiddenUntil),
    );
    if (meant.length < receipts.length) return undefined;
    for (const happening of meant) {
      happening.gone = true;
      this.#options.gone(happening.body);
    }
    return meant;
  }
}
