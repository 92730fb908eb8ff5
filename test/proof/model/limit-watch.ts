import type { Limited } from "../../../src/core/limits.ts";
import type { CallbackEvent } from "../../../src/core/event.ts";
import type { Link } from "./link.ts";
import type { Schedule } from "./schedule.ts";

type Run = { readonly link: Link; readonly id: string; readonly key: string | undefined };

type Options = {
  readonly schedule: Schedule;
  readonly limitedOf: (event: CallbackEvent) => Limited | undefined;
  readonly violated: (what: string) => void;
};

/** Never more at once than may, and of one key one after another: but for events whose lock was lost while they ran. */
export class LimitWatch {
  readonly #options: Options;
  readonly #runs = new Set<Run>();
  readonly #lost = new Set<string>();
  readonly #carried = new Map<string, readonly CallbackEvent[]>();
  readonly #forgets: boolean;

  constructor(options: Options) {
    this.#options = options;
    // Then nobody knows any more what runs.
    this.#forgets = options.schedule.troubles.some(({ what }) => what === "empty");
  }

  /** Its handler begins; to be called when it has ended. */
  begins(link: Link, event: CallbackEvent): () => void {
    const { limitedOf, violated } = this.#options;
    const limited = limitedOf(event);
    const { id } = event;
    const run: Run = { link, id, key: limited?.key };
    this.#runs.add(run);
    const counted = [...this.#runs].filter((one) => !one.link.dead && !this.#lost.has(one.id));
    const { concurrency = Infinity } = limited?.limits ?? {};
    if (!this.#forgets && new Set(counted.map((one) => one.id)).size > concurrency)
      violated(`${id} runs beside ${concurrency} others, of which so many may`);
    const beside = counted.find((one) => run.key !== undefined && one.key === run.key && one.id !== id);
    if (!this.#forgets && beside && !this.#lost.has(id)) violated(`${id} runs beside ${beside.id} of its key`);
    return () => void this.#runs.delete(run);
  }

  /** It runs for these too. */
  carries(id: string, others: readonly CallbackEvent[]): void {
    this.#carried.set(id, others);
  }

  carriedBy(id: string): readonly CallbackEvent[] {
    return this.#carried.get(id) ?? [];
  }

  /** Its lock ran out while its process lived: it may be started again beside itself. */
  lostLock(id: string): void {
    this.#lost.add(id);
  }
}
