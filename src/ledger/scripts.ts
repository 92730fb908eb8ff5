import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import { type Part, partsOf, usedParts } from "./used-functions.ts";

/** `scope`: the `scope` of the keys it works on, see `keys.ts`. */
export type Script = (scope: readonly string[], ...args: readonly (string | number)[]) => Promise<unknown>;

/** The files joined before a script, by the kind of keys it works on. */
const JOINED = {
  source: ["clock", "source-keys", "gathered", "receipts", "life", "records", "jobs"],
  /** The same, with the limits of handlers. */
  gate: ["clock", "source-keys", "gathered", "receipts", "life", "records", "jobs", "gate", "batch"],
  /** The same as a source's, with the reasons why a limit holds events. */
  page: ["clock", "source-keys", "gathered", "receipts", "life", "records", "jobs", "held"],
  shared: ["clock", "shared-keys"],
  queue: ["queue-keys"],
} as const;

export type ScriptKind = keyof typeof JOINED;

/** Binds one of our Lua scripts to a connection. */
export function loadScript(redis: Redis, kind: ScriptKind, name: string): Script {
  // The files are read now, since another version may replace them. The rest waits, since many scripts are rarely called.
  const files = filesOf(kind, name);
  let script: Script | undefined;
  return (scope, ...args) => (script ??= bindScript(redis, joinFiles(kind, files)))(scope, ...args);
}

/** The whole text of one of our scripts. */
export function scriptText(kind: ScriptKind, name: string): string {
  return joinFiles(kind, filesOf(kind, name));
}

type Files = { readonly before: readonly string[]; readonly script: string };

function filesOf(kind: ScriptKind, name: string): Files {
  return { before: JOINED[kind].map(read), script: read(name) };
}

function joinFiles(kind: ScriptKind, { before, script }: Files): string {
  const gathers = kind !== "shared" && kind !== "queue";
  const [run, end] = gathers ? [[RUN], END] : [[], []];
  const used = usedParts(before.flatMap(knownPartsOf), [script, ...end].join("\n"));
  return joinScript([used, ...run], script, end);
}

const partsOfFiles = new Map<string, readonly Part[]>();

function knownPartsOf(file: string): readonly Part[] {
  const parts = partsOfFiles.get(file) ?? partsOf(`${file}\n`);
  partsOfFiles.set(file, parts);
  return parts;
}

/** A script's gathered writes happen when it returns, wherever that is. */
const RUN = "local function run()";
const END = ["end", "local reply = run()", "writeGathered()", "writePast()", "writeEnded()", "return reply"];

/** A script may begin with `#!lua flags=...`. That line must stay the first of the joined text. */
export function joinScript(before: readonly string[], script: string, after: readonly string[] = []): string {
  const flags = FLAGS.exec(script)?.[0] ?? "";
  return flags + [...before, script.slice(flags.length), ...after].join("\n");
}

export function bindScript(redis: Pick<Redis, "evalsha" | "eval" | "info">, text: string): Script {
  const plain = text.replace(FLAGS, "");
  const hasFlags = plain !== text;
  let known = text;
  let sha = shaOf(known);
  return async (scope, ...args) => {
    try {
      return await redis.evalsha(sha, scope.length, ...scope, ...args);
    } catch (err) {
      if (!(err instanceof Error && err.message.startsWith("NOSCRIPT"))) throw err;
      // A restarted, emptied or replaced Redis no longer knows the script. EVAL loads it again.
      known = hasFlags && !(await knowsFlags(redis)) ? plain : text;
      sha = shaOf(known);
      return await redis.eval(known, scope.length, ...scope, ...args);
    }
  };
}

const FLAGS = /^#!.*\n/;

/** Before Redis 7 the line is a syntax error. Valkey reports the Redis version that it is compatible with. */
async function knowsFlags(redis: Pick<Redis, "info">): Promise<boolean> {
  const info = await redis.info("server");
  return Number(/^redis_version:(\d+)/m.exec(info)?.[1] ?? 0) >= 7;
}

function shaOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function read(name: string): string {
  const text = texts.get(name) ?? readFileSync(new URL(`lua/${name}.lua`, import.meta.url), "utf8");
  texts.set(name, text);
  return text;
}

const texts = new Map<string, string>();
