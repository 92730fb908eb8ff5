/** Keeps the gates of this process's handlers going: places that a crash left, limits that a new version dropped. */
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import type { GateCounts, Limits } from "../core/limits.ts";
import type { LimitStatus } from "../http/probes/status-contract.ts";
import { repeat } from "../core/repeat.ts";
import { settledBefore } from "../core/sleep.ts";
import type { RedisGate } from "../ledger/gate.ts";

type GatesOptions = {
  readonly gate: Pick<RedisGate, "look" | "open" | "known">;
  readonly limited: readonly Limits[];
  readonly mostHeld: number;
  readonly log: Logger;
};

export type Gates = {
  start(): void;
  /** As the last look found them. */
  status(): readonly LimitStatus[];
  stop(): Promise<void>;
};

/** A place is free for so long at most after its event went without a word. */
const LOOK_MS = 1_000;
const STOP_MS = 1_000;

/** Looks only where there are limits: nothing is asked for handlers without them, but once at the start. */
export function createGates({ gate, limited, mostHeld, log }: GatesOptions): Gates {
  const counts = new Map<string, GateCounts>();
  const stopping = new AbortController();
  let looking: Promise<unknown> | undefined;

  return {
    start() {
      looking ??= Promise.all([openOthers(), ...(limited.length > 0 ? [lookOn()] : [])]);
    },
    status: () => limited.flatMap(({ name }) => statusOf(name)),
    async stop() {
      stopping.abort();
      if (looking) await settledBefore(looking, AbortSignal.timeout(STOP_MS));
    },
  };

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
    for (const limits of limited) counts.set(limits.name, await gate.look(limits));
  }

  /** What a handler held before its limits were dropped. */
  async function openOthers(): Promise<void> {
    try {
      const own = new Set(limited.map(({ name }) => name));
      const dropped = [...(await gate.known()).keys()].filter((name) => !own.has(name));
      for (const handler of dropped) {
        log.info({ handler }, "has no limits any more: what they held may start");
        await gate.open(handler);
      }
    } catch (err) {
      log.warn({ err }, "cannot see whether limits were dropped; the next start of a worker looks again");
    }
  }
}

/** Without the handlers nobody knows the keys: events would be in the order in which they are started. */
export async function assertOrdersNothing(gate: Pick<RedisGate, "known">, roles: Config["roles"]): Promise<void> {
  const ordered = [...(await gate.known())].flatMap(([name, { isOrdered }]) => (isOrdered ? [name] : []));
  if (ordered.length === 0) return;
  throw new ConfigError([
    `HANDLERS: this process takes events in (ROLES=${roles.join(",")}) and has no handlers, but the workers order those of ${ordered.join(", ")} with orderBy; give it the same handlers`,
  ]);
}
