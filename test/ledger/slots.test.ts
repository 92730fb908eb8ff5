/** In a cluster a script may touch keys of one slot only. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { createKeys } from "../../src/ledger/keys.ts";
import { scriptText } from "../../src/ledger/scripts.ts";
import { partsOf } from "../../src/ledger/used-functions.ts";
import { slotOf } from "../../src/queue/cluster-slot.ts";
import { PROJECT } from "../support/process.ts";

const Kind = z.enum(["source", "gate", "page", "queue", "shared"]);
const textOf = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

/** Every script that the code loads, with what is joined to it. */
const scripts = globSync("src/**/*.ts", { cwd: PROJECT }).flatMap((file) =>
  [...textOf(file).matchAll(/\bloadScript\(redis, "(\w+)", "([\w-]+)"\)/g)].map(([, kind, name = ""]) => ({
    kind: Kind.parse(kind),
    name,
    text: scriptText(Kind.parse(kind), name),
  })),
);

test("every Lua script is loaded, or joined to one that is, and each of its functions is used", () => {
  const all = scripts.map(({ text }) => text).join("\n");
  const unused = globSync("src/ledger/lua/*.lua", { cwd: PROJECT }).flatMap((file) =>
    partsOf(textOf(file).replace(/^#!.*\n/, "")).flatMap(({ name, text }) =>
      all.includes(text.trimEnd()) ? [] : [`${name} in ${file}`],
    ),
  );

  expect(scripts.length).toBeGreaterThan(35);
  expect(unused).toEqual([]);
});

test("the key prefixes of each script are in one slot, for every source and queue prefix", () => {
  for (const prefix of ["video", "a:b", "with space", "ü", "0"]) {
    const { keysOf, shared, queue } = createKeys(prefix);
    for (const scope of [
      ...["tencent-vod", "tencent-vod/1", "{x}", "}"].map((name) => keysOf(name).scope),
      shared.scope,
    ])
      expect(new Set(scope.map((beginning) => slotOf(`${beginning}x`))).size, scope.join()).toBe(1);
    expect(slotOf(`${queue.prefix}:${queue.name}:wait`)).toBe(slotOf(`${keysOf("tencent-vod").scope[1]}wait`));
  }
});

test("a Lua script names keys only by the functions for its own kind of keys", () => {
  const wrong = scripts.flatMap(({ kind, name, text }) => {
    const has = new Set([...text.matchAll(/function (\w+Key)\(/g)].map(([, made]) => made));
    const used = [...text.matchAll(/\b(\w+Key)\(/g)].map(([, made = ""]) => made);
    return [...new Set(used)].flatMap((made) => (has.has(made) ? [] : [`${name} (${kind}) uses ${made}`]));
  });

  expect(wrong).toEqual([]);
});

test("no Lua command has a key that is written out", () => {
  const literal = scripts.flatMap(({ name, text }) =>
    [...text.matchAll(/redis\.call\('(\w+)', *(['"].*)/g)].map(([call]) => `${name}: ${call}`),
  );

  expect(literal).toEqual([]);
});
