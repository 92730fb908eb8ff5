import { globSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { PROJECT } from "../support/process.ts";
import { read } from "./documents.ts";
import { KEY_ROWS, type KeyRow, rowOf } from "./redis-keys.ts";

const FOLDER = "src/ledger/lua";
const JOINED = new Set([
  "records",
  "receipts",
  "gathered",
  "life",
  "jobs",
  "gate",
  "batch",
  "held",
  "clock",
  "source-keys",
  "shared-keys",
  "queue-keys",
]);
const SCRIPTS = globSync(`${FOLDER}/*.lua`, { cwd: PROJECT }).map((file) => basename(file, ".lua"));
const HELPERS = new Map(
  ["source-keys", "shared-keys"].flatMap((name) =>
    [...lua(name).matchAll(/function (\w+)\(\w*\) return (\w+) \.\. (?:'([^']+)')?/g)].map(
      ([, helper = "", begins = "", own = ""]) => [helper, `{QUEUE_PREFIX}:${beginningOf(begins)}:${own}`] as const,
    ),
  ),
);
const READS =
  "TIME|GET|MGET|HGET|HMGET|HGETALL|HVALS|HLEN|HEXISTS|HSCAN|SISMEMBER|SMEMBERS|EXISTS|ZSCORE|ZMSCORE|ZCARD|ZCOUNT|ZRANGE|ZRANGEBYSCORE|ZSCAN|LRANGE|LINDEX|LLEN|LPOS|PTTL";
const WRITES = new RegExp(String.raw`(?:redis\.call|gather)\('(?!(?:${READS})')\w+', ([\w.]+)`, "g");

const FUNCTIONS = functions();
const WRITTEN = new Map(
  SCRIPTS.filter((script) => !JOINED.has(script)).map((script) => [script, written(lua(script))]),
);

test("docs/deploy/redis.md has a row for every key that the code can name", () => {
  const { keysOf, shared } = createKeys("P");
  const { scope: _, queue, job, lock, steps, ...own } = keysOf("tencent-vod/1");
  const { scope: __, ...common } = shared;
  const lists = ["wait", "active", "delayed", "failed", "completed", "meta", "events", "stalled", "marker", "id"].map(
    queue,
  );
  const named = [...Object.values(own), ...Object.values(common)].map((key) =>
    typeof key === "string" ? key : key("x:y"),
  );
  const all = [...named, ...lists, job("ev-1"), lock("ev-1"), steps("ev-1")];

  expect(all.filter((key) => rowOf(key.replace("{P}", "{QUEUE_PREFIX}")) === undefined)).toEqual([]);
});

test("docs/deploy/redis.md has a row for every key that a script can name", () => {
  const beginnings = [...HELPERS.values()];
  expect(beginnings.length).toBeGreaterThan(15);
  expect(beginnings.filter((beginning) => !KEY_ROWS.some(({ name }) => name.startsWith(beginning)))).toEqual([]);
});

test("docs/deploy/redis.md names the scripts that write each key, and no other", () => {
  const told = KEY_ROWS.filter(({ name }) => helperOf(name) !== undefined).map(({ name, writers }) => [
    name,
    writers.filter((writer) => SCRIPTS.includes(writer)).toSorted(),
  ]);

  expect(told.length).toBeGreaterThan(15);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(told.map(([name]) => [name, writersOf(String(name))])));
});

/** Of one row of our own, or of a job: BullMQ's lists have one helper for all of them. */
function helperOf(name: KeyRow["name"]): string | undefined {
  if (name === "{QUEUE_PREFIX}:events:ID") return "jobKey";
  const begins = name.replace(/(?<=:)[A-Z:]+$/, "");
  return [...HELPERS].find(([helper, own]) => helper !== "jobKey" && helper !== "queueKey" && own === begins)?.[0];
}

function writersOf(name: string): readonly string[] {
  const helper = helperOf(name);
  const writing = [...WRITTEN].filter(([, helpers]) => helper !== undefined && helpers.has(helper));
  return writing.map(([script]) => script).toSorted();
}

/** The helpers that name what a script writes, itself or by the functions that it calls. */
function written(script: string): ReadonlySet<string> {
  const called = new Set<string>();
  const texts = [script];
  for (const text of texts)
    for (const [name, body] of FUNCTIONS)
      if (!called.has(name) && text.includes(`${name}(`)) {
        called.add(name);
        texts.push(body);
      }
  return new Set(texts.flatMap(ownWrites));
}

function ownWrites(text: string): readonly string[] {
  return [...text.matchAll(WRITES)].map(({ 1: key = "", index }) => {
    if (HELPERS.has(key)) return key;
    if (key === "r.key") return "eventKey";
    const naming = [...text.slice(0, index).matchAll(/local key\b[^=\n]*= (\w+)/g)].at(-1)?.[1];
    if (naming === undefined) throw new Error(`nobody knows which key is written in ${text.slice(index, index + 60)}`);
    return naming;
  });
}

/** Those that are joined before every script of a source. */
function functions(): readonly (readonly [name: string, body: string])[] {
  // `writePast` writes the lines that `endLife` gathers, and `writeEnded` deletes the records that `setConfirmed` ends. Both
  // stand behind every script.
  const life = lua("life").replaceAll("past[#past + 1] =", "writePast() past[#past + 1] =");
  const records = lua("records").replaceAll("ended[#ended + 1] =", "writeEnded() ended[#ended + 1] =");
  return [lua("receipts"), life, records, lua("jobs"), lua("gate"), lua("batch")]
    .join("\n")
    .split(/^(?=local function |\w+ = function\()/m)
    .map((text) => [/^(?:local function )?(\w+)/.exec(text)?.[1] ?? "", text.replace(/^.*\n/, "")] as const)
    .filter(([name]) => name !== "");
}

function lua(name: string): string {
  return read(`${FOLDER}/${name}.lua`).replaceAll(/--.*$/gm, "");
}

function beginningOf(variable: string): string {
  return { ledger: "ledger", queue: "events", shared: "shared" }[variable] ?? variable;
}
