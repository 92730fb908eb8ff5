import { VendorError } from "../../../src/core/errors.ts";
import { fingerprint } from "../../../src/core/fingerprint.ts";
import { sleep } from "../../../src/core/sleep.ts";
import type { Delivery, Extended, Pulled, SourceTerms } from "../../../src/core/source.ts";
import type { Schedule } from "./schedule.ts";

/** Something that happened at the vendor. Two happenings can be told apart only if their bodies differ. */
export type Happening = {
  readonly body: string;
  readonly fingerprint: string;
  hiddenUntil: number;
  /** The newest receipt is the last. */
  readonly receipts: string[];
  /** The time of the confirmation, or Infinity. */
  goneAt: number;
};

export type VendorOptions = Pick<Schedule, "receipts" | "refuses"> & {
  readonly source: SourceTerms;
  /** The happening was confirmed with this receipt. */
  readonly gone: (happening: Happening, receipt: string) => void;
};

const LONG_POLL_MS = 5_000;

/** A queue with a visibility window. It holds a pull open while it has nothing to show. */
export class ModelVendor {
  readonly happenings: Happening[] = [];
  readonly #options: VendorOptions;
  #shown = new AbortController();
  #receipts = 0;

  constructor(options: VendorOptions) {
    this.#options = options;
  }

  /** The number of unconfirmed events. */
  get waiting(): number {
    return this.happenings.filter(({ goneAt }) => goneAt === Infinity).length;
  }

  publish(body: string): Happening {
    const happening: Happening = {
      body,
      fingerprint: fingerprint(this.#options.source.name, { body }),
      hiddenUntil: 0,
      receipts: [],
      goneAt: Infinity,
    };
    this.happenings.push(happening);
    this.#shown.abort("shown");
    this.#shown = new AbortController();
    return happening;
  }

  async pull(max: number): Promise<Pulled> {
    const endsAt = performance.now() + LONG_POLL_MS;
    for (;;) {
      const deliveries = this.#deliver(max);
      const now = performance.now();
      if (deliveries.length > 0 || now >= endsAt) return { deliveries, waited: deliveries.length === 0 };
      const visibleAt = Math.min(endsAt, ...this.#left().map(({ hiddenUntil }) => hiddenUntil));
      await sleep(visibleAt - now, this.#shown.signal);
    }
  }

  confirm(receipts: readonly string[]): { readonly refused: readonly string[] } {
    const taken = receipts.map((receipt) => this.#taken(receipt));
    const refused = receipts.filter((_, index) => taken[index] === undefined);
    if (refused.length > 0 && this.#options.refuses === "the call")
      throw new VendorError("refused", `${refused.length} of ${receipts.length} receipts are dead`);
    for (const [index, happening] of taken.entries()) {
      if (happening?.goneAt !== Infinity) continue;
      happening.goneAt = performance.now();
      this.#options.gone(happening, receipts[index] ?? "");
    }
    return { refused };
  }

  /** Hides the event for `ms` from now on. Where receipts differ, a new receipt replaces this one. */
  extend(receipt: string, ms: number): Extended {
    const happening = this.#taken(receipt);
    if (happening?.goneAt !== Infinity) throw new VendorError("refused", `nothing to prolong for ${receipt}`);
    const replacement = this.#receiptFor(happening);
    happening.receipts.push(replacement);
    happening.hiddenUntil = performance.now() + ms;
    return { receipt: replacement, windowMs: ms };
  }

  #taken(receipt: string): Happening | undefined {
    const happening = this.happenings.find(({ receipts }) => receipts.includes(receipt));
    const { receipts: kind } = this.#options;
    if (!happening || kind === "lenient") return happening;
    if (happening.goneAt !== Infinity) return undefined;
    if (kind === "same") return happening;
    return happening.receipts.at(-1) === receipt && performance.now() < happening.hiddenUntil ? happening : undefined;
  }

  #deliver(max: number): Delivery[] {
    const { source } = this.#options;
    const now = performance.now();
    const visible = this.#left().filter(({ hiddenUntil }) => hiddenUntil <= now);
    return visible.slice(0, max).map((happening) => {
      const receipt = this.#receiptFor(happening);
      happening.receipts.push(receipt);
      happening.hiddenUntil = now + source.windowMs;
      const { body } = happening;
      return { receipt, fingerprint: happening.fingerprint, type: "T", body: { body } };
    });
  }

  #receiptFor({ receipts }: Happening): string {
    const known = this.#options.receipts === "same" ? receipts[0] : undefined;
    return known ?? `receipt-${++this.#receipts}`;
  }

  #left(): Happening[] {
    return this.happenings.filter(({ goneAt }) => goneAt === Infinity);
  }
}
