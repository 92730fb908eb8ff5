/** Repairs the gates of this process's handlers: frees places that a crash left, and ends limits of an earlier version. */
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import type { Handlers } from "../core/handlers.ts";
import type { GateCounts } from "../core/limits.ts";
import type { LimitStatus } from "../http/probes/status-contract.ts";
import { repeat } from "../core/repeat.ts";
import { settledBefore } from "../core/sleep.ts";
import type { RedisGate } from "../ledger/gate.ts";

type GatesOptions = {
  readonly gate: Pick<RedisGate, "look" | "open" | "known" | "words">;
  readonly handlers: Pick<Handlers, "gated" | "heed">;
  readonly mostHeld: number;
  readonly log: Logger;
};

export type Gates = {
  /** Called before the first event starts. Resolves when it is known which handlers an operator limits. */
  start(): Promise<void>;
  /** Reads the operator's limits again if the count has changed, or while there are any, because they may expire. */
  readonly heed: (words: number) => Promise<void>;
  /** The state at the last look. */
  status(): readonly LimitStatus[];
  stop(): Promise<void>;
};

/** If an event disappears silently, its place is free again after this time at the latest. */
const LOOK_MS = 1_000;
const STOP_MS = 1_000;

/** Looks only at handlers with limits. Handlers without limits cost one question at the start. */
export function createGates({ gate, handlers, mostHeld, log }: GatesOptions): Gates {
  const counts = new Map<string, GateCounts>();
  const stopping = new AbortController();
  let opening: Promise<unknown> | undefined;
  let looking: Promise<unknown> | undefined;
  /** The names of the handlers that an operator limits. */
  let limitedByHand: ReadonlySet<string> = new Set();
  /** How often operators had set limits when these were last read. */
  let heard = 0;

  return {
    async start() {
      await learn().catch((err: unknown) =>
        log.warn({ err }, "cannot read which handlers an operator limits; trying again"),
      );
      opening ??= openOthers();
      lookIfNeeded();
    },
    async heed(words) {
      if (words === heard && limitedByHand.size === 0) return;
      await learn();
      heard = words;
      lookIfNeeded();
    },
    status: () => handlers.gated.flatMap(({ name }) => statusOf(name)),
    async stop() {
      stopping.abort();
      if (opening) await settledBefore(Promise.all([opening, looking]), AbortSignal.timeout(STOP_MS));
    },
  };

  function lookIfNeeded(): void {
    if (opening && handlers.gated.length > 0) looking ??= lookOn();
  }

  async function learn(): Promise<void> {
    const [said, gated] = [limitedByHand, namesOf(handlers)];
    limitedByHand = await gate.words();
    handlers.heed(limitedByHand);
    for (const handler of without(limitedByHand, said)) log.warn({ handler }, "limited by an operator");
    for (const handler of without(said, limitedByHand)) log.info({ handler }, "not limited by an operator any more");
    // This handler has no limits in its code.
    for (const handler of without(gated, namesOf(handlers))) await gate.open(handler);
  }

  function statusOf(handler: string): readonly LimitStatus[] {
    const known = counts.get(handler);
    return known ? [{ handler, ...known, maxHeld: mostHeld }] : [];
  }

  async function lookOn(): Promise<void> {
    await repeat(lookAtAll, {
      everyMs: LOOK_MS,
      signal: stopping.signal,
      failed: (err) => log.debug({ err }, "a look at the limits failed"),
    });
  }

  async function lookAtAll(): Promise<void> {
    for (const limits of handlers.gated) counts.set(limits.name, await gate.look(limits));
  }

  /** Releases the events that a handler held before its limits were removed. */
  async function openOthers(): Promise<void> {
    try {
      const known = new Set((await gate.known()).keys());
      const dropped = without(known, new Set([...namesOf(handlers), ...limitedByHand]));
      for (const handler of dropped) {
        log.info({ handler }, "this handler has no limits any more: its held events may start");
        await gate.open(handler);
      }
    } catch (err) {
      log.warn({ err }, "cannot read whether limits were removed; the next start of a worker tries again");
    }
  }
}

function namesOf({ gated }: Pick<Handlers, "gated">): ReadonlySet<string> {
  return new Set(gated.map(({ name }) => name));
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !others.has(name));
}

/** Without the handlers the keys are unknown, and events would not be kept in order. */
export async function assertOrdersNothing(gate: Pick<RedisGate, "known">, roles: Config["roles"]): Promise<void> {
  const ordered = [...(await gate.known())].flatMap(([name, { isOrdered }]) => (isOrdered ? [name] : []));
  if (ordered.length === 0) return;
  throw new ConfigError([
    `HANDLERS: this process takes events in (ROLES=${roles.join(",")}) and has no handlers, but the workers order those of ${ordered.join(", ")} with orderBy; give it the same handlers`,
  ]);
}
