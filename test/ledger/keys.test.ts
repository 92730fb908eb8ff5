import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { PROJECT } from "../support/process.ts";

const { keysOf, shared, queue } = createKeys("video");

test("a source's keys start with its prefix, and shared keys with another", () => {
  const { scope, event, push, unconfirmed, handled, receipts, job, queue: list } = keysOf("tencent-vod/1");
  const [ledger, bull] = scope;
  for (const key of [event("fp"), push("fp"), unconfirmed, handled, receipts])
    expect(key.startsWith(ledger)).toBe(true);
  for (const key of [job("ev-1"), list("wait")]) expect(key.startsWith(bull)).toBe(true);
  expect(bull).toBe(`${queue.prefix}:${queue.name}:`);
  expect(shared.quota("tencent-vod:pull").startsWith(shared.scope[0])).toBe(true);
  expect(new Set([ledger, bull, shared.scope[0]]).size).toBe(3);
});

test("all keys that one script touches have one hash tag", () => {
  const tags = keysOf("tencent-vod/1").scope.map((beginning) => /^\{[^}]+\}/.exec(beginning)?.[0]);
  expect(tags).toEqual(["{video}", "{video}"]);
});

test("no TypeScript file outside keys.ts builds a key", () => {
  const files = globSync(["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts"], { cwd: PROJECT }).filter(
    // `redis-keys.test.ts` compares the names with the page that lists them
    (file) => !["keys.ts", "keys.test.ts", "redis-keys.test.ts"].includes(basename(file)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => /:(?:ledger|shared|events):|\{\$\{\w+\}\}:/.test(textOf(file)))).toEqual([]);
});

test("no script outside keys.lua builds a key", () => {
  const files = globSync("src/ledger/lua/*.lua", { cwd: PROJECT }).filter((file) => !file.endsWith("-keys.lua"));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => /KEYS|\b(?:ledger|queue|shared) \.\./.test(textOf(file)))).toEqual([]);
});

function textOf(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}
