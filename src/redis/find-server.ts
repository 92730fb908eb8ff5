import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { Logger } from "pino";
import { messageOf } from "../core/failure.ts";
import { fetchPackages, libraryPathOf } from "./debian-packages.ts";
import type { ServerCommand } from "./redis-server.ts";

/**
 * `path` takes an installed server. `fetch` takes one from the distribution's packages and keeps it in the project.
 * `any` tries `path`, then `fetch`.
 */
export type ServerChoice = "path" | "fetch" | "any";

export type FindOptions = {
  readonly server?: ServerChoice;
  readonly cacheFolder: string;
  readonly log: Pick<Logger, "info" | "warn">;
};

/** The oldest version that BullMQ accepts. */
const OLDEST = { major: 6, minor: 2 };
/** Valkey speaks the same protocol and uses the same files. A distribution has one or both. */
const NAMES = ["redis-server", "valkey-server"] as const;

const run = promisify(execFile);

export async function findServer(options: FindOptions, signal?: AbortSignal): Promise<ServerCommand> {
  const { server = "any", log } = options;
  if (server !== "fetch") {
    const installed = await findOnPath(log);
    if (installed) return installed;
  }
  if (server === "path") throw new Error(`no redis-server or valkey-server on the PATH: ${advice()}`);
  try {
    return await fetchServer(options, signal);
  } catch (err) {
    signal?.throwIfAborted();
    throw new Error(`there is no Redis server, and none could be fetched (${messageOf(err)}): ${advice()}`, {
      cause: err,
    });
  }
}

async function findOnPath(log: FindOptions["log"]): Promise<ServerCommand | undefined> {
  for (const name of NAMES) {
    const found = await run("/bin/sh", ["-c", `command -v ${name}`]).catch(() => undefined);
    const path = found?.stdout.trim() ?? "";
    if (!path.startsWith("/")) continue;
    const version = await versionOf({ path });
    if (version && isNewEnough(version)) return { path };
    log.warn({ path, version }, `this server is not used: ${OLDEST.major}.${OLDEST.minor} or newer is needed`);
  }
  return undefined;
}

async function fetchServer({ cacheFolder, log }: FindOptions, signal?: AbortSignal): Promise<ServerCommand> {
  const folder = join(cacheFolder, "redis-server");
  const root = await fetchPackages(
    {
      // Debian has the program `redis-server` in redis-tools. No choice exists in every distribution.
      choices: [
        ["redis-server", "redis-tools"],
        ["valkey-server", "valkey-tools"],
      ],
      folder,
      isWhole: async (candidate) => (await commandIn(candidate)) !== undefined,
      onFetch: () => log.info(`no redis-server: fetching one from the distribution's packages into ${shown(folder)}`),
    },
    signal,
  );
  const command = await commandIn(root);
  if (!command) throw new Error(`${folder} was emptied while it was in use`);
  return command;
}

/** The program in an unpacked tree. Undefined if it does not run: a library may have gone since the fetch. */
async function commandIn(root: string): Promise<ServerCommand | undefined> {
  const libraryPath = await libraryPathOf(root);
  for (const name of NAMES) {
    const command = { path: join(root, "usr/bin", name), libraryPath };
    if (existsSync(command.path) && (await versionOf(command))) return command;
  }
  return undefined;
}

async function versionOf({ path, libraryPath }: ServerCommand): Promise<string | undefined> {
  const env = libraryPath === undefined ? undefined : { LD_LIBRARY_PATH: libraryPath };
  const answer = await run(path, ["--version"], { env, timeout: 10_000 }).catch(() => undefined);
  return /\bv=(\d+\.\d+\.\d+)/.exec(answer?.stdout ?? "")?.[1];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

function advice(): string {
  if (process.platform === "darwin") return "run 'brew install redis', or set REDIS_URL";
  if (existsSync("/usr/bin/apt-get")) {
    const sudo = process.getuid?.() === 0 ? "" : "sudo ";
    return `run '${sudo}apt-get install redis-server', or set REDIS_URL`;
  }
  return "install redis-server with this system's package manager, or set REDIS_URL";
}

function shown(folder: string): string {
  const short = relative(process.cwd(), folder);
  return short.startsWith("..") ? folder : `${short}/`;
}
