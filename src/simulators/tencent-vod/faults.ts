/** What is made to go wrong, on request. */
import { z } from "zod";
import { ACTIONS, type Action } from "./settings.ts";

const SPOILS = [
  "http-500",
  "http-429",
  "drop-before",
  "drop-after",
  "non-json",
  "no-response-member",
  "error",
] as const;
const KINDS = ["latency", ...SPOILS, "stale", "duplicate", "reorder"] as const;

export const FaultSchema = z.strictObject({
  /** Without one, every action. */
  action: z.enum(ACTIONS).optional(),
  /**
   * - `latency`: the call waits `ms` before it does anything
   * - `http-500`, `http-429`, `non-json`, `no-response-member`, `error` (with `code` and `message`): the answer is that instead;
   *   the call has no effect unless `effect` is true
   * - `drop-before`, `drop-after`: the connection is cut without an answer, before the call took effect or after it
   * - `stale`: all handles of a confirmation count as stale
   * - `duplicate`: what a pull delivers stays visible and is delivered once more within its window
   * - `reorder`: a pull delivers the newest events first
   */
  kind: z.enum(KINDS),
  /** How many calls it befalls. Without `times` and `probability` one; with a probability alone, until cleared. */
  times: z.int().positive().optional(),
  /** Of each call it could befall. */
  probability: z.number().gt(0).max(1).optional(),
  /** Waits that long before it strikes: a slow answer that never comes, for instance. */
  ms: z.number().min(0).max(600_000).optional(),
  effect: z.boolean().optional(),
  code: z.string().min(1).optional(),
  message: z.string().optional(),
});

export type Fault = Readonly<z.input<typeof FaultSchema>>;
export type FaultReport = Fault & { readonly hits: number };

/** A fault that takes the place of the answer. */
export type Spoil = Fault & { readonly kind: (typeof SPOILS)[number] };
export type Strike = { readonly waitMs: number; readonly spoil: Spoil | undefined };

/** As many faults as are kept for the report; beyond that those that are used up go. */
const FAULTS_KEPT = 100;

type Active = { readonly fault: Fault; left: number; hits: number };

export class Faults {
  #active: Active[] = [];

  inject(fault: Fault): void {
    const read = FaultSchema.safeParse(fault);
    if (!read.success) throw new RangeError(`fault: ${z.prettifyError(read.error)}`);
    if (this.#active.length >= FAULTS_KEPT) this.#active = this.#active.filter(({ left }) => left > 0);
    const once = fault.probability === undefined ? 1 : Infinity;
    this.#active.push({ fault: read.data, left: fault.times ?? once, hits: 0 });
  }

  list(): readonly FaultReport[] {
    return this.#active.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  clear(): void {
    this.#active = [];
  }

  /** For a call that has passed all checks, before it takes effect. */
  before(action: Action): Strike {
    const waitMs = this.#hit(action, ({ kind }) => kind === "latency").reduce((sum, { ms = 0 }) => sum + ms, 0);
    const spoil = this.#spoil(action, (fault) => fault.kind !== "drop-after" && fault.effect !== true);
    return { waitMs: waitMs + (spoil?.ms ?? 0), spoil };
  }

  /** For a call that took effect, before it is answered. */
  after(action: Action): Strike {
    const spoil = this.#spoil(action, (fault) => fault.kind === "drop-after" || fault.effect === true);
    return { waitMs: spoil?.ms ?? 0, spoil };
  }

  /** For a pull that has something to deliver. */
  howToTake(): { readonly newestFirst: boolean; readonly again: boolean } {
    return { newestFirst: this.#hits("PullEvents", "reorder"), again: this.#hits("PullEvents", "duplicate") };
  }

  /** For a confirmation. */
  makesStale(): boolean {
    return this.#hits("ConfirmEvents", "stale");
  }

  #hits(action: Action, kind: Fault["kind"]): boolean {
    return this.#hit(action, (fault) => fault.kind === kind).length > 0;
  }

  /** Only one fault can take the place of an answer; the next one waits for the next call. */
  #spoil(action: Action, applies: (fault: Spoil) => boolean): Spoil | undefined {
    for (const active of this.#active) {
      if (isSpoil(active.fault) && applies(active.fault) && strikes(active, action)) return active.fault;
    }
    return undefined;
  }

  #hit(action: Action, applies: (fault: Fault) => boolean): readonly Fault[] {
    return this.#active.filter((active) => applies(active.fault) && strikes(active, action)).map(({ fault }) => fault);
  }
}

function isSpoil(fault: Fault): fault is Spoil {
  return SPOILS.some((kind) => kind === fault.kind);
}

function strikes(active: Active, action: Action): boolean {
  const { fault } = active;
  if (active.left <= 0 || (fault.action !== undefined && fault.action !== action)) return false;
  if (fault.probability !== undefined && Math.random() >= fault.probability) return false;
  active.left -= 1;
  active.hits += 1;
  return true;
}
