/** Faults that a test or a person asks for. A door lists its kinds; this file decides when a fault strikes. */
import { z } from "zod";
import { sleep } from "../../core/sleep.ts";

/** Fields of every door's faults, beside `action` and `kind`. */
export const FAULT_FIELDS = {
  /** How many calls the fault strikes. Default: one; with `probability`, any number until the fault is cleared. */
  times: z.int().positive().optional(),
  /** The probability for each call. */
  probability: z.number().gt(0).max(1).optional(),
  /** The wait before the fault strikes, such as for a slow answer that never comes. */
  ms: z.number().min(0).max(600_000).optional(),
  /** The call takes effect, but its answer is spoiled. */
  effect: z.boolean().optional(),
  code: z.string().min(1).optional(),
  message: z.string().optional(),
};

const Common = z.object({ action: z.string().optional(), kind: z.string(), ...FAULT_FIELDS });
export type AnyFault = Readonly<z.input<typeof Common>>;

type FaultsOptions<F> = {
  readonly schema: z.ZodType<F>;
  /** The kinds that take the place of the answer. */
  readonly spoils: readonly string[];
  /** The kinds of `spoils` that strike only after the call took effect. */
  readonly late: readonly string[];
};

export type FaultReport<F> = F & { readonly hits: number };
/** `spoil` takes the place of the answer. */
export type Strike<F> = { readonly waitMs: number; readonly spoil: F | undefined };

/** The most faults that the report keeps. Beyond that, faults that are used up are dropped. */
const FAULTS_KEPT = 100;

type Active<F> = { readonly fault: F; left: number; hits: number };

export class Faults<F extends AnyFault> {
  readonly #options: FaultsOptions<F>;
  #active: Active<F>[] = [];

  constructor(options: FaultsOptions<F>) {
    this.#options = options;
  }

  /** Throws for an impossible fault, with the reason. */
  inject(fault: F): void {
    const read = this.#options.schema.safeParse(fault);
    if (!read.success) throw new RangeError(`fault: ${z.prettifyError(read.error)}`);
    if (this.#active.length >= FAULTS_KEPT) this.#active = this.#active.filter(({ left }) => left > 0);
    const once = fault.probability === undefined ? 1 : Infinity;
    this.#active.push({ fault: read.data, left: fault.times ?? once, hits: 0 });
  }

  list(): readonly FaultReport<F>[] {
    return this.#active.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  clear(): void {
    this.#active = [];
  }

  /** For a call that has passed all checks, before it takes effect. */
  before(action: string): Strike<F> {
    const slow = this.#active.filter((active) => active.fault.kind === "latency" && strikes(active, action));
    const waitMs = slow.reduce((sum, { fault: { ms = 0 } }) => sum + ms, 0);
    const spoil = this.#first(action, (fault) => this.#isSpoil(fault) && !this.#isLate(fault));
    return { waitMs: waitMs + (spoil?.ms ?? 0), spoil };
  }

  /** For a call that took effect, before it is answered. */
  after(action: string): Strike<F> {
    const spoil = this.#first(action, (fault) => this.#isSpoil(fault) && this.#isLate(fault));
    return { waitMs: spoil?.ms ?? 0, spoil };
  }

  /** The fault of this kind that strikes the call, if there is one. */
  strike(action: string, kind: F["kind"]): F | undefined {
    return this.#first(action, (fault) => fault.kind === kind);
  }

  /** One fault for each call. The next fault strikes the next call. */
  #first(action: string, applies: (fault: F) => boolean): F | undefined {
    return this.#active.find((active) => applies(active.fault) && strikes(active, action))?.fault;
  }

  #isSpoil({ kind }: F): boolean {
    return this.#options.spoils.includes(kind);
  }

  #isLate({ kind, effect }: F): boolean {
    return effect === true || this.#options.late.includes(kind);
  }
}

/** Whether the fault strikes this call. If so, the call is counted. */
function strikes(active: Active<AnyFault>, action: string): boolean {
  const { fault } = active;
  if (active.left <= 0 || (fault.action !== undefined && fault.action !== action)) return false;
  if (fault.probability !== undefined && Math.random() >= fault.probability) return false;
  active.left -= 1;
  active.hits += 1;
  return true;
}

type Struck<F> = {
  readonly strike: Strike<F>;
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal;
  /** Called with the outcome, if the call ends here. */
  readonly ended: (outcome: string) => void;
  /** Answers as the fault says. */
  readonly ruin: (spoil: F) => void;
};

/** True when the call ends here: spoiled, or left by its client. */
export async function isStruck<F extends AnyFault>({ strike, gone, ended, ruin }: Struck<F>): Promise<boolean> {
  const { waitMs, spoil } = strike;
  if (waitMs > 0) await sleep(waitMs, gone);
  if (!spoil && !gone.aborted) return false;
  ended(spoil && !gone.aborted ? spoil.kind : "client-gone");
  if (spoil && !gone.aborted) ruin(spoil);
  return true;
}
