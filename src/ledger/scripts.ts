import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

export type Script = (...args: readonly (string | number)[]) => Promise<unknown>;

/** Binds one of our Lua scripts to a connection and the two key prefixes every script works under. */
export function loadScript(redis: Redis, name: string, keys: readonly [ledger: string, bull: string]): Script {
  const source = `${read("shared")}\n${read(name)}`;
  const sha = createHash("sha1").update(source).digest("hex");
  return async (...args) => {
    try {
      return await redis.evalsha(sha, 2, ...keys, ...args);
    } catch (err) {
      // A Redis that restarted or was emptied has forgotten the script; EVAL teaches it again.
      if (err instanceof Error && err.message.startsWith("NOSCRIPT"))
        return await redis.eval(source, 2, ...keys, ...args);
      throw err;
    }
  };
}

function read(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), "utf8");
}
