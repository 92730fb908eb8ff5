/**
 * The worker for whoever writes handlers. It starts again when a source file changes. Redis and the simulated vendors
 * belong to this process and outlive the worker, so that nothing is lost between the two.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { CACHE_FOLDER, isConfigured, readConfig } from "../../config/config.ts";
import { settledBefore } from "../../core/sleep.ts";
import { startLocalRedis } from "../../redis/local-redis.ts";
import { createLog, stopOnSignal } from "../process.ts";
import { readableLine } from "./lines.ts";
import { keepRestarting } from "./restarting.ts";
import { type Trial, startTrial } from "./trial.ts";
import { watchFiles } from "./watch-files.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What runs may take as long to finish, unless SHUTDOWN_GRACE_MS says otherwise: nobody waits 25 s for a restart. */
const GRACE_MS = "5000";
const CLOSE_MS = 10_000;

const Started = z.object({ msg: z.literal("started"), url: z.string(), pages: z.string().optional() });

export async function dev(env: Env): Promise<void> {
  const cleanups: (() => Promise<unknown>)[] = [];
  try {
    await start();
  } catch (err) {
    await cleanUp();
    throw err;
  }

  async function cleanUp(): Promise<void> {
    for (const cleanup of cleanups.toReversed()) await settledBefore(cleanup(), AbortSignal.timeout(CLOSE_MS));
  }

  async function start(): Promise<void> {
    const trial = isConfigured(env) ? undefined : await startTrial(env);
    if (trial) cleanups.push(() => trial.close());
    const settings = { SHUTDOWN_GRACE_MS: GRACE_MS, ...withoutEmpty(env), ...trial?.env, LOG_LEVEL: "debug" };
    const config = readConfig(settings);
    const url = config.redis.url ?? (await privateRedis(config.redis.server, trial !== undefined));

    const entry = process.argv[1] ?? "";
    const worker = keepRestarting({
      command: [process.execPath, ...process.execArgv, entry, "start"],
      env: { ...settings, REDIS_URL: url },
      line: createReader(trial),
      say,
    });
    cleanups.push(() => worker.stop());
    const files = watchFiles(process.cwd(), (file) => worker.restart(`${file} changed`));
    cleanups.push(async () => files.close());
    stopOnSignal(cleanUp, config.shutdownGraceMs + CLOSE_MS, createLog("warn"));
  }

  /** With simulated vendors it begins empty: they know nothing of what an earlier one has reported. */
  async function privateRedis(server: "fetch" | undefined, isTrial: boolean): Promise<string> {
    const folder = isTrial ? await mkdtemp(join(tmpdir(), "reliable-callback-dev-")) : ".data";
    if (isTrial) cleanups.push(() => rm(folder, { recursive: true, force: true }));
    // It may have to be fetched first, which takes a while.
    const log = createLog("info");
    const local = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log, ...(server && { server }) });
    cleanups.push(() => local.close());
    return local.url;
  }
}

/** Shows the worker's lines. Its first address goes to the vendors that call, and to the person at the terminal. */
function createReader(trial: Trial | undefined): (text: string) => void {
  let isKnown = false;
  return (text) => {
    const line = readableLine(text);
    if (line !== undefined) process.stdout.write(`${line}\n`);
    const started = startedIn(text);
    if (!started) return;
    trial?.callWorkerAt(started.url);
    say(`ready: ${started.pages ?? started.url}/ shows what is going on`);
    if (!isKnown && trial) process.stdout.write(trial.howToPublish);
    isKnown = true;
  };
}

function startedIn(text: string): z.infer<typeof Started> | undefined {
  if (!text.includes('"started"')) return undefined;
  try {
    return Started.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** An empty value counts as unset, so it must not hide a default of this command. */
function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

function say(text: string): void {
  process.stdout.write(`\n-- ${text}\n`);
}
