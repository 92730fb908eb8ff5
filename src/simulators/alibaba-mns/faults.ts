/** What is made to go wrong, on request. */
import { z } from "zod";
import { ACTIONS, type Action } from "./settings.ts";

const SPOILS = ["bad-gateway", "drop-before", "drop-after", "cut-off", "non-xml", "error"] as const;

export const FaultSchema = z.strictObject({
  /** Without one, every action. */
  action: z.enum(ACTIONS).optional(),
  /**
   * - `latency`: the call waits `ms` before it does anything
   * - `bad-gateway`: HTTP 502 with a proxy's page; `non-xml`: the expected status with such a page; `error`: an error with
   *   `code`, `status` and `message`; the call has no effect unless `effect` is true
   * - `drop-before`, `drop-after`: the connection is cut without an answer, before the call took effect or after it
   * - `cut-off`: the call takes effect, and its answer ends half way
   * - `stale`: of a deletion's handles the first `items` count as stale, or all
   * - `early-empty`: an empty queue answers at once, as over its limit of long polls
   */
  kind: z.enum(["latency", "stale", "early-empty", ...SPOILS]),
  /** How many calls it befalls. Without `times` and `probability` one; with a probability alone, until cleared. */
  times: z.int().positive().optional(),
  /** Of each call it could befall. */
  probability: z.number().gt(0).max(1).optional(),
  /** Waits that long before it strikes. */
  ms: z.number().min(0).max(600_000).optional(),
  effect: z.boolean().optional(),
  items: z.int().positive().optional(),
  code: z.string().min(1).optional(),
  status: z.int().min(400).max(599).optional(),
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
    const latency = this.#hit(action, ({ kind }) => kind === "latency");
    const spoil = this.#spoil(action, (fault) => !takesEffect(fault));
    return { waitMs: (latency?.ms ?? 0) + (spoil?.ms ?? 0), spoil };
  }

  /** For a call that took effect, before it is answered. */
  after(action: Action): Strike {
    const spoil = this.#spoil(action, takesEffect);
    return { waitMs: spoil?.ms ?? 0, spoil };
  }

  /** How many of a deletion's handles count as stale. */
  staleItems(action: Action): number {
    const fault = this.#hit(action, ({ kind }) => kind === "stale");
    return fault ? (fault.items ?? Infinity) : 0;
  }

  /** For a call that would be held. */
  cutsLongPoll(action: Action): boolean {
    return this.#hit(action, ({ kind }) => kind === "early-empty") !== undefined;
  }

  #spoil(action: Action, applies: (fault: Spoil) => boolean): Spoil | undefined {
    const fault = this.#hit(action, (candidate) => isSpoil(candidate) && applies(candidate));
    return fault && isSpoil(fault) ? fault : undefined;
  }

  /** The first that strikes; the next one waits for the next call. */
  #hit(action: Action, applies: (fault: Fault) => boolean): Fault | undefined {
    return this.#active.find((active) => applies(active.fault) && strikes(active, action))?.fault;
  }
}

function takesEffect({ kind, effect }: Spoil): boolean {
  return kind === "drop-after" || kind === "cut-off" || effect === true;
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
