import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type SimulatorOptions } from "../../src/simulators/tencent-vod/server.ts";
import { type StartOptions, startWorkerProcess, type WorkerProcess } from "./process.ts";
import { RunNote, type Script } from "./scripted-handlers.ts";
import { until } from "./until.ts";

const HANDLERS = join(import.meta.dirname, "scripted-handlers.ts");
const CREDENTIALS = { secretId: "test-id", secretKey: "test-key-that-is-secret" };

export type WorldOptions = { readonly redisUrl: string; readonly prefix: string } & Partial<SimulatorOptions>;
export type World = Awaited<ReturnType<typeof openWorld>>;

/** A simulated account, what its events' handlers did, and worker processes that serve it; `close` ends them all. */
export async function openWorld({ redisUrl, prefix, ...simulated }: WorldOptions) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-test-"));
  const simulator = await startSimulator({
    ...CREDENTIALS,
    windowMs: 2_000,
    longPollMs: 500,
    callsPerSecond: 0,
    ...simulated,
  });
  const runsFile = join(folder, "runs.ndjson");
  const windowMs = simulator.settings.windowMs;
  const env = {
    TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
    TENCENT_VOD_ENDPOINT: simulator.url,
    TENCENT_VOD_CONFIRM_WINDOW_MS: String(windowMs),
    CONFIRM_GRACE_MS: String(Math.min(15_000, Math.ceil(windowMs / 2))),
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: prefix,
    HANDLERS,
    RUNS_FILE: runsFile,
    PORT: "0",
    SHUTDOWN_GRACE_MS: "5000",
  };
  const idOf = new Map<string, string>();
  const ends: (() => Promise<void>)[] = [];

  function runs(): RunNote[] {
    if (!existsSync(runsFile)) return [];
    const lines = readFileSync(runsFile, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => RunNote.parse(JSON.parse(line)));
  }

  return {
    simulator,
    folder,
    env,
    runs,
    /** Publishes an event whose handler does what `script` says, known by `key` from now on. */
    publish(key: string, script: Script = {}): void {
      const [id] = simulator.publish("NewFileUpload", { body: { FileId: key, Script: script } });
      if (id !== undefined) idOf.set(key, id);
    },
    runsOf: (key: string) => runs().filter((note) => note.key === key),
    /** What the vendor knows of it. */
    seen(key: string) {
      const history = simulator.find(idOf.get(key) ?? "");
      if (!history) throw new Error(`nothing was published as ${key}`);
      return history;
    },
    allConfirmed: (timeoutMs = 30_000) =>
      until("all is confirmed", () => simulator.stats().unconfirmed === 0, { timeoutMs, pauseMs: 50 }),
    start: (
      extra: Readonly<Record<string, string>> = {},
      options: Omit<StartOptions, "env" | "onSpawn"> = {},
    ): Promise<WorkerProcess> =>
      startWorkerProcess({
        env: { ...env, ...extra },
        cwd: folder,
        ...options,
        onSpawn: (end) => void ends.push(end),
      }),
    async close(): Promise<void> {
      await Promise.all(ends.map((end) => end()));
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
