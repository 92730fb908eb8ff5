import type { CallbackEvent } from "./event.ts";
import type { BatchRun, Handler, HandlerContext } from "./handler.ts";
import type { Limits } from "./limits.ts";

export type ResolvedHandler = {
  run(context: HandlerContext): unknown;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly timeoutMs: number;
  /** Missing if the handler has no limits. */
  readonly limits?: Limits;
  readonly orderKey?: Handler["orderKey"];
  readonly batch?: BatchRun;
};

export type HandlerDefaults = Pick<ResolvedHandler, "attempts" | "backoffMs" | "timeoutMs">;

export type Handlers = {
  /** The limits of handlers that set some in code. */
  readonly limited: readonly Limits[];
  /** All of `limited`, and the limits that an operator set. */
  readonly gated: readonly Limits[];
  /**
   * Sets which handlers an operator limits. From now on only these handlers, and those with limits in code, pass a
   * gate.
   */
  heed(names: ReadonlySet<string>): void;
  find(event: Pick<CallbackEvent, "vendor" | "type">): ResolvedHandler | undefined;
};

/**
 * The registry. Exactly one handler takes an event, the most specific one: first the handler for its vendor and type,
 * then its vendor's `*`, then the handler for its type at any vendor, then `*` of `*`. Throws if two handlers claim the
 * same events.
 */
export function createHandlers(list: readonly Handler[], defaults: HandlerDefaults): Handlers {
  assertDistinct(list);
  const byCode = list.map((handler): Registered => [handler, resolve(handler, defaults)]);
  let all = byCode;
  let known = tableOf(all);
  return {
    limited: limitedIn(byCode),
    get gated() {
      return limitedIn(all);
    },
    heed(names) {
      all = byCode.map(([handler, own]) => {
        const name = nameOf(handler);
        return [handler, own.limits || !names.has(name) ? own : { ...own, limits: { name, isOrdered: false } }];
      });
      known = tableOf(all);
    },
    find({ vendor, type }) {
      const [own, common] = [known.get(vendor), known.get("*")];
      return own?.get(type) ?? own?.get("*") ?? common?.get(type) ?? common?.get("*");
    },
  };
}

type Registered = readonly [handler: Pick<Handler, "vendor" | "type">, resolved: ResolvedHandler];

function limitedIn(list: readonly Registered[]): readonly Limits[] {
  return list.flatMap(([, { limits }]) => limits ?? []);
}

/** By vendor, then by type. */
function tableOf(list: readonly Registered[]): ReadonlyMap<string, ReadonlyMap<string, ResolvedHandler>> {
  const byVendor = new Map<string, Map<string, ResolvedHandler>>();
  for (const [{ vendor, type }, resolved] of list) {
    const byType = byVendor.get(vendor) ?? new Map<string, ResolvedHandler>();
    byVendor.set(vendor, byType.set(type, resolved));
  }
  return byVendor;
}

export function assertDistinct(list: readonly Handler[]): void {
  const seen = new Set<string>();
  for (const handler of list) {
    const key = keyOf(handler);
    if (seen.has(key)) {
      throw new Error(`two handlers for vendor "${handler.vendor}", type "${handler.type}"; keep one of them`);
    }
    seen.add(key);
  }
}

function resolve(handler: Handler, defaults: HandlerDefaults): ResolvedHandler {
  return {
    run: (context) => handler.run(context),
    attempts: handler.attempts ?? defaults.attempts,
    backoffMs: handler.backoffMs ?? defaults.backoffMs,
    timeoutMs: handler.timeoutMs ?? defaults.timeoutMs,
    ...limitsOf(handler),
  };
}

function limitsOf(handler: Handler): Pick<ResolvedHandler, "limits" | "orderKey" | "batch"> {
  const { concurrency, perSecond, afterParked, batch } = handler;
  const isOrdered = handler.orderKey !== undefined;
  if (concurrency === undefined && perSecond === undefined && !isOrdered && !batch) return {};
  const terms = {
    ...(concurrency !== undefined && { concurrency }),
    ...(perSecond !== undefined && { perSecond }),
    ...(afterParked !== undefined && { afterParked }),
    ...(batch && { batch: { size: batch.size, lingerMs: batch.lingerMs } }),
  };
  const limits = { name: nameOf(handler), isOrdered, ...terms };
  return {
    limits,
    ...(isOrdered && { orderKey: (event) => handler.orderKey?.(event) }),
    ...(batch && { batch }),
  };
}

/** The name of the handler's gate. */
function nameOf({ vendor, type }: Pick<Handler, "vendor" | "type">): string {
  return `${vendor} ${type}`;
}

/** Types come from vendors and may contain any character, so no separator would be safe. */
function keyOf({ vendor, type }: Pick<Handler, "vendor" | "type">): string {
  return JSON.stringify([vendor, type]);
}
