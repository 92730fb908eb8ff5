import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Redis } from "ioredis";
import { expect } from "vitest";
import type { Keys, SourceKeys } from "../../../src/ledger/keys.ts";
import { PROJECT } from "../../support/process.ts";
import { sharedRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";
import { openWorld, type World } from "../../support/world.ts";
import { type Situation, CONFIRMED_UNHEARD, INSIDE_THE_HANDLER, type CrashWindow } from "./crash-windows.ts";
import { KEY, type TriedDoor } from "./doors.ts";

const CRASHING = [join(PROJECT, "bin/node"), join(import.meta.dirname, "crashing-worker.ts")] as const;
const SCRIPT = { ms: 1_000 };
/** The handler runs long enough for a worker to be killed during it from outside, even on a busy machine. */
const LONG_SCRIPT = { ms: 3_000 };
const NEVER_MS = 600_000;
/** The pause between looks. A lock or a window takes many seconds to run out. */
const LOOK_MS = 250;

/**
 * Sends one event, kills its worker in exactly this window, and lets another worker follow. Resolves with the time from
 * the death until everything is in order.
 */
export async function tryWindow(window: CrashWindow, door: TriedDoor): Promise<number> {
  const { keys, ...keyspace } = sharedRedis();
  const world = await openWorld({ redis: keyspace, doors: door.open });
  const redis = new Redis(keyspace.url);
  const look = () => lookAround(redis, keys, world);
  const script = window.name === INSIDE_THE_HANDLER ? LONG_SCRIPT : SCRIPT;
  try {
    const first = await startDoomed(window, world);
    world.publish(KEY, script);
    if (!window.at) {
      await until("it is to be killed", async () => isDeepStrictEqual(await look(), window.atDeath), { pauseMs: 2 });
      first.send("SIGKILL");
    }
    expect(await first.exited).toEqual({ code: null, signal: "SIGKILL" });
    const died = performance.now();
    expect(await look()).toEqual(window.atDeath);

    await world.embed();
    if (door.confirms === "storage" && world.seen(KEY).confirmations === 0) world.publish(KEY, script);
    await until("all is well", async () => isWell(await look()), { timeoutMs: door.patienceMs, pauseMs: LOOK_MS });
    const recoveredMs = performance.now() - died;

    expect((await look()).runs).toEqual(window.runs);
    const { confirmedAt = 0, confirmations } = world.seen(KEY);
    expect(confirmations).toBe(1);
    const success = world.runsOf(KEY).find(({ phase }) => phase === "success");
    if (door.confirms === "success") expect(confirmedAt).toBeGreaterThanOrEqual(success?.at ?? Infinity);
    return recoveredMs;
  } finally {
    redis.disconnect();
    await world.close();
  }
}

function isWell({ record, job, confirmed }: Situation): boolean {
  return record === undefined && job === "completed" && confirmed;
}

async function startDoomed({ name, at, roles }: CrashWindow, world: World) {
  if (name === CONFIRMED_UNHEARD) swallowAnswers(world);
  if (!at) return await world.start();
  const env = { CRASH_AT: at, ...(roles !== undefined && { ROLES: roles }) };
  return await world.start(env, { command: CRASHING });
}

/** From now on confirmations take effect, but get no answer. */
function swallowAnswers({ doors }: World): void {
  const swallow = { kind: "drop-after", ms: NEVER_MS, times: 100 } as const;
  doors["tencent-vod"]?.simulator.faults.inject({ action: "ConfirmEvents", ...swallow });
  doors["alibaba-mns"]?.simulator.faults.inject({ action: "BatchDeleteMessage", ...swallow });
}

async function lookAround(redis: Redis, keys: Keys, { runsOf, seen }: World): Promise<Situation> {
  const own = keys.keysOf("");
  const [key] = await redis.keys(own.event("*"));
  const record = key === undefined ? null : await redis.hget(key, "state");
  const phases = runsOf(KEY).map(({ phase }) => phase);
  const count = (wanted: string): number => phases.filter((phase) => phase === wanted).length;
  return {
    record: record === "pending" || record === "handled" ? record : undefined,
    job: await stateOfJob(redis, own),
    runs: [count("start"), count("success")],
    confirmed: seen(KEY).confirmedAt !== undefined,
  };
}

async function stateOfJob(redis: Redis, keys: SourceKeys): Promise<Situation["job"]> {
  for (const state of ["wait", "active"] as const) if ((await redis.llen(keys.queue(state))) > 0) return state;
  return (await redis.zcard(keys.queue("completed"))) > 0 ? "completed" : undefined;
}
