import { randomUUID } from "node:crypto";
import { type FleetOptions, startFleet } from "../../src/simulators/fleet.ts";
import type { Door, Heard } from "../../src/simulators/kit/door.ts";
import type { TencentVodOptions } from "../../src/simulators/tencent-vod/door.ts";
import { type Keyspace, openNotingWorkers } from "./noting-workers.ts";
import type { Script } from "./script.ts";
import { scripted } from "./scripted-events.ts";
import { until } from "./until.ts";

/** An account with times short enough for a test. */
export const TENCENT = {
  secretId: "test-id",
  // A worker that outlived the simulator of another run may ask at the same port. It must get nothing.
  secretKey: `test-key-${randomUUID()}`,
  windowMs: 2_000,
  longPollMs: 500,
  callsPerSecond: 0,
};

export type WorldOptions<O extends FleetOptions> = {
  readonly redis: Keyspace;
  readonly doors: O;
  /** The secret suffix of the callback paths. */
  readonly suffix?: string | undefined;
};

export type World = Awaited<ReturnType<typeof openWorld<FleetOptions>>>;

/** Simulated vendors, worker processes and the notes of their handlers. `close` ends everything. */
export async function openWorld<const O extends FleetOptions>({ redis, doors, suffix }: WorldOptions<O>) {
  const fleet = await startFleet(doors, { suffix });
  const byName = new Map<string, Door>(Object.entries(fleet.doors));
  const { folder, env, runs, start, embed, close } = await openNotingWorkers({
    redis,
    env: {
      ...fleet.env,
      ...graceOf(doors["tencent-vod"]?.windowMs),
      ...pagesApart([...byName.values()].some((door) => "callAt" in door)),
    },
    // Vendors that push always call the worker that started last.
    onStarted: (url) => fleet.callWorkerAt(url),
  });
  const published = new Map<string, { readonly door: Door; readonly id: string }>();

  function doorOf(name: string): Door {
    const door = byName.get(name);
    if (!door) throw new Error(`no door ${name} is open`);
    return door;
  }

  return {
    fleet,
    doors: fleet.doors,
    folder,
    env,
    runs,
    /** Publishes an event whose handler follows `script`. `key` identifies it later. The default is the first door. */
    publish(key: string, script: Script = {}, name: string = [...byName.keys()][0] ?? ""): void {
      const door = doorOf(name);
      published.set(key, { door, id: door.publish(scripted(name, { key, script })) });
    },
    runsOf: (key: string) => runs().filter((note) => note.key === key),
    /** The phases of one event, in order. */
    phasesOf: (key: string) => runs().flatMap((note) => (note.key === key ? [note.phase] : [])),
    /** The vendor's record of the event. */
    seen(key: string): Heard {
      const { door, id = "" } = published.get(key) ?? {};
      const heard = door?.heard(id);
      if (!heard) throw new Error(`nothing was published as ${key}`);
      return heard;
    },
    allConfirmed: (timeoutMs = 30_000) =>
      until("all is confirmed", () => fleet.counts().unconfirmed === 0, { timeoutMs, pauseMs: 50 }),
    start,
    embed,
    async close(): Promise<void> {
      await close();
      await fleet.close();
    },
  };
}

/** A world with one account of Tencent VOD. */
export async function openTencentWorld({ redis, ...account }: TencentVodOptions & { readonly redis: Keyspace }) {
  const world = await openWorld({ redis, doors: { "tencent-vod": { ...TENCENT, ...account } } });
  return { ...world, simulator: world.doors["tencent-vod"].simulator };
}

/** Pages need their own port: without a password they may not share one with callbacks. */
export function pagesApart(isCalled: boolean): Readonly<Record<string, string>> {
  return isCalled ? { PAGES_PORT: "0" } : {};
}

/** A short window needs a shorter grace. */
export function graceOf(windowMs: number | undefined): Readonly<Record<string, string>> {
  if (windowMs === undefined) return {};
  return { CONFIRM_GRACE_MS: String(Math.min(15_000, Math.ceil(windowMs / 2))) };
}
