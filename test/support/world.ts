import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetOptions, startFleet } from "../../src/simulators/fleet.ts";
import type { Door, Heard } from "../../src/simulators/kit/door.ts";
import type { TencentVodOptions } from "../../src/simulators/tencent-vod/door.ts";
import { type StartOptions, startWorkerProcess, type WorkerProcess } from "./process.ts";
import { scripted } from "./scripted-events.ts";
import { embedWorker } from "./embedded.ts";
import { RunNote, type Script, scriptedHandlers } from "./script.ts";
import { until } from "./until.ts";

const HANDLERS = join(import.meta.dirname, "scripted-handlers.ts");

/** An account with times short enough for a test. */
export const TENCENT = {
  secretId: "test-id",
  secretKey: "test-key-that-is-secret",
  windowMs: 2_000,
  longPollMs: 500,
  callsPerSecond: 0,
};

export type Keyspace = { readonly url: string; readonly prefix: string };

export type WorldOptions<O extends FleetOptions> = {
  readonly redis: Keyspace;
  readonly doors: O;
  /** The secret suffix of the callback paths. */
  readonly suffix?: string | undefined;
};

export type World = Awaited<ReturnType<typeof openWorld<FleetOptions>>>;

/** Simulated vendors, worker processes and the notes of their handlers. `close` ends everything. */
export async function openWorld<const O extends FleetOptions>({ redis, doors, suffix }: WorldOptions<O>) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-test-"));
  const fleet = await startFleet(doors, { suffix });
  const byName = new Map<string, Door>(Object.entries(fleet.doors));
  const runsFile = join(folder, "runs.ndjson");
  const env = {
    ...fleet.env,
    ...graceOf(doors["tencent-vod"]),
    ...pagesApart([...byName.values()]),
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    HANDLERS,
    RUNS_FILE: runsFile,
    PORT: "0",
    SHUTDOWN_GRACE_MS: "5000",
  };
  const published = new Map<string, { readonly door: Door; readonly id: string }>();
  const ends: (() => Promise<void>)[] = [];

  function runs(): RunNote[] {
    if (!existsSync(runsFile)) return [];
    const lines = readFileSync(runsFile, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => RunNote.parse(JSON.parse(line)));
  }

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
    /** Vendors that push always call the worker that started last. */
    async start(
      extra: Readonly<Record<string, string>> = {},
      options: Omit<StartOptions, "env" | "onSpawn"> = {},
    ): Promise<WorkerProcess> {
      const worker = await startWorkerProcess({
        env: { ...env, ...extra },
        cwd: folder,
        ...options,
        onSpawn: (end) => void ends.push(end),
      });
      fleet.callWorkerAt(worker.url);
      return worker;
    },
    /** A worker inside this process. It takes a tenth of the time of a process. */
    async embed(extra: Readonly<Record<string, string>> = {}) {
      const worker = await embedWorker({ ...env, ...extra }, scriptedHandlers({ runsFile }));
      ends.push(worker.stop);
      fleet.callWorkerAt(worker.url);
      return worker;
    },
    async close(): Promise<void> {
      await Promise.all(ends.map((end) => end()));
      await fleet.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A world with one account of Tencent VOD. */
export async function openTencentWorld({ redis, ...account }: TencentVodOptions & { readonly redis: Keyspace }) {
  const world = await openWorld({ redis, doors: { "tencent-vod": { ...TENCENT, ...account } } });
  return { ...world, simulator: world.doors["tencent-vod"].simulator };
}

/** Pages need their own port: without a password they may not share one with callbacks. */
function pagesApart(doors: readonly Door[]): Readonly<Record<string, string>> {
  return doors.some((door) => "callAt" in door) ? { PAGES_PORT: "0" } : {};
}

/** A short window needs a shorter grace. */
function graceOf({ windowMs }: TencentVodOptions = {}): Readonly<Record<string, string>> {
  if (windowMs === undefined) return {};
  return { CONFIRM_GRACE_MS: String(Math.min(15_000, Math.ceil(windowMs / 2))) };
}
