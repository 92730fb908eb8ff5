import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/** `scope`: the `scope` of the keys it works on, see `keys.ts`. */
export type Script = (scope: readonly string[], ...args: readonly (string | number)[]) => Promise<unknown>;

/** What stands before a script, by the kind of keys it works on. */
const JOINED = {
  source: ["clock", "source-keys", "records"],
  shared: ["clock", "shared-keys"],
} as const;

export type ScriptKind = keyof typeof JOINED;

/** Binds one of our Lua scripts to a connection. */
export function loadScript(redis: Redis, kind: ScriptKind, name: string): Script {
  const source = scriptText(kind, name);
  const sha = createHash("sha1").update(source).digest("hex");
  return async (scope, ...args) => {
    try {
      return await redis.evalsha(sha, scope.length, ...scope, ...args);
    } catch (err) {
      // A Redis that restarted or was emptied has forgotten the script; EVAL teaches it again.
      if (err instanceof Error && err.message.startsWith("NOSCRIPT"))
        return await redis.eval(source, scope.length, ...scope, ...args);
      throw err;
    }
  };
}

export function scriptText(kind: ScriptKind, name: string): string {
  return [...JOINED[kind], name].map(read).join("\n");
}

function read(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), "utf8");
}
