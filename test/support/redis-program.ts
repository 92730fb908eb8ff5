/** The server program that tests run, and its environment. */
import { findServer } from "../../src/redis/find-server.ts";
import type { ServerCommand } from "../../src/redis/redis-server.ts";
import { CACHE_FOLDER } from "./cache-folder.ts";
import { findProgram } from "./debian-programs.ts";

/** `valkey`: the Valkey of a newer Debian, as in the compose file. `usual`: this system's Redis or Valkey. */
export type Kind = "usual" | "valkey";

const log = {
  info: (message: unknown) => console.log(message),
  warn: (...said: unknown[]) => console.warn(...said),
};

/**
 * `TEST_REDIS=valkey` runs all tests on Valkey. `REDIS_SERVER=fetch` ignores an installed Redis, to test a machine that
 * has none.
 */
export async function redisProgram(kind: Kind = usualKind()): Promise<ServerCommand> {
  if (kind === "valkey") return { path: (await findProgram("valkey")).path };
  const server = process.env["REDIS_SERVER"] === "fetch" ? "fetch" : "any";
  return await findServer({ cacheFolder: CACHE_FOLDER, log, server });
}

export function environmentOf({ libraryPath }: ServerCommand): Readonly<Record<string, string>> {
  return {
    PATH: "/usr/bin:/bin",
    LC_ALL: "C",
    ...(libraryPath !== undefined && { LD_LIBRARY_PATH: libraryPath }),
  };
}

function usualKind(): Kind {
  return process.env["TEST_REDIS"] === "valkey" ? "valkey" : "usual";
}
