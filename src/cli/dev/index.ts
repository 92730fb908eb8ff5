/**
 * The worker for people who write handlers. It restarts when a loaded file changes. Redis and the simulated vendors
 * belong to this process and outlive the worker, so that a restart loses nothing.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CACHE_FOLDER, isConfigured, readConfig } from "../../config/config.ts";
import { startLocalRedis } from "../../redis/local-redis.ts";
import { PLACES } from "../../worker/load-handlers.ts";
import { createLog, stopOnSignal } from "../process.ts";
import { OVERTIME_MS } from "../start.ts";
import { type Running, startChild } from "./child.ts";
import { keepCurrent } from "./keep-current.ts";
import { readableLine } from "./lines.ts";
import { type Trial, startTrial } from "./trial.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Unless SHUTDOWN_GRACE_MS is set. A pull may wait this long at the vendor. The usual 25 s would delay restarts. */
const GRACE_MS = "5000";
/** The time for cleaning up after the worker has ended. */
const CLOSE_MS = 10_000;

export async function dev(env: Env): Promise<void> {
  const cleanups: (() => Promise<unknown>)[] = [];
  try {
    await start();
  } catch (err) {
    await cleanUp();
    throw err;
  }

  async function cleanUp(): Promise<void> {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }

  async function start(): Promise<void> {
    const trial = isConfigured(env) ? undefined : await startTrial(env);
    if (trial) cleanups.push(() => trial.close());
    const settings = {
      ...env,
      SHUTDOWN_GRACE_MS: env["SHUTDOWN_GRACE_MS"] || GRACE_MS,
      ...trial?.env,
      LOG_LEVEL: "debug",
    };
    const config = readConfig(settings);
    const url = config.redis.url ?? (await privateRedis(config.redis.server, trial !== undefined));

    const stopMs = config.shutdownGraceMs + OVERTIME_MS + CLOSE_MS;
    const childEnv = { ...settings, REDIS_URL: url, REDIS_URL_FILE: undefined };
    const onRunning = createGreeter(trial);
    const log = await createLog("warn");
    const worker = keepCurrent({
      start: (onLoaded) => startChild({ env: childEnv, onLine, onLoaded, onRunning, stopMs }),
      places: (config.handlersPath === undefined ? PLACES : [config.handlersPath]).map((place) => resolve(place)),
      say,
    });
    cleanups.push(() => worker.stop());
    stopOnSignal(cleanUp, stopMs + CLOSE_MS, log);
  }

  /** Simulated vendors start with an empty Redis: they do not know the events of an earlier run. */
  async function privateRedis(server: "fetch" | undefined, isTrial: boolean): Promise<string> {
    const folder = isTrial ? await mkdtemp(join(tmpdir(), "reliable-callback-dev-")) : ".data";
    if (isTrial) cleanups.push(() => rm(folder, { recursive: true, force: true }));
    // Redis may have to be fetched first, which takes a while.
    const log = await createLog("info");
    const local = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log, ...(server && { server }) });
    cleanups.push(() => local.close());
    return local.url;
  }
}

/** Prints the addresses each time the worker has started. */
function createGreeter(trial: Trial | undefined): (running: Running) => void {
  let isKnown = false;
  return ({ url, pagesUrl }) => {
    trial?.callWorkerAt(url);
    say(`ready: ${pagesUrl ?? url}/ shows what is going on`);
    if (!isKnown && trial) process.stdout.write(trial.howToPublish);
    isKnown = true;
  };
}

function onLine(text: string): void {
  const line = readableLine(text);
  if (line !== undefined) process.stdout.write(`${line}\n`);
}

function say(text: string): void {
  process.stdout.write(`\n-- ${text}\n`);
}
