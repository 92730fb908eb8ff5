/** Worker processes whose handlers note each run in one file. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedWorker } from "./embedded.ts";
import { type StartOptions, startWorkerProcess, type WorkerProcess } from "./process.ts";
import { RunNote, scriptedHandlers } from "./script.ts";

const HANDLERS = join(import.meta.dirname, "scripted-handlers.ts");

export type Keyspace = { readonly url: string; readonly prefix: string };
type Env = Readonly<Record<string, string>>;

type NotingWorkersOptions = {
  readonly redis: Keyspace;
  /** The settings of the vendors. */
  readonly env: Env;
  /** Called when a worker takes calls at this address. */
  readonly onStarted: (url: string) => Promise<void> | void;
};

export async function openNotingWorkers({ redis, env: ofVendors, onStarted }: NotingWorkersOptions) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-test-"));
  const runsFile = join(folder, "runs.ndjson");
  const env = {
    ...ofVendors,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    HANDLERS,
    RUNS_FILE: runsFile,
    PORT: "0",
    SHUTDOWN_GRACE_MS: "5000",
  };
  const ends: (() => Promise<void>)[] = [];

  return {
    folder,
    env,
    runs(): RunNote[] {
      if (!existsSync(runsFile)) return [];
      const lines = readFileSync(runsFile, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      return lines.map((line) => RunNote.parse(JSON.parse(line)));
    },
    async start(extra: Env = {}, options: Omit<StartOptions, "env" | "onSpawn"> = {}): Promise<WorkerProcess> {
      const worker = await startWorkerProcess({
        env: { ...env, ...extra },
        cwd: folder,
        ...options,
        onSpawn: (end) => void ends.push(end),
      });
      await onStarted(worker.url);
      return worker;
    },
    /** A worker inside this process. It takes a tenth of the time of a process. */
    async embed(extra: Env = {}) {
      const worker = await embedWorker({ ...env, ...extra }, scriptedHandlers({ runsFile }));
      ends.push(worker.stop);
      await onStarted(worker.url);
      return worker;
    },
    async close(): Promise<void> {
      await Promise.all(ends.map((end) => end()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
