import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ScriptKind, scriptText } from "../../src/ledger/scripts.ts";
import { partsOf, usedParts } from "../../src/ledger/used-functions.ts";
import { PROJECT } from "../support/process.ts";

test("functions that a script does not call are left out, with those that only they call", () => {
  const kept =
    "local key = KEYS[1]\n-- Reads a value.\nlocal function read(name)\n  return redis.call('GET', name)\nend\n";
  const left = [
    "local function short(name) return inner(name) end\n",
    "-- Is not called: read is.\nlocal function again(n)\n  if n > 0 then\n    again(n - 1)\n  end\nend\n",
    "local function inner(name) return name end\n",
  ];
  const file = [left[2], kept, left[0], left[1]].join("");

  expect(usedParts(partsOf(file), "-- again(1) is only a word here\nreturn read(key)")).toBe(kept);
});

test("no script calls one of our functions that was left out of it", () => {
  const missing = loaded().flatMap(({ kind, name }) => {
    const text = scriptText(kind, name);
    const [calls, known] = [called(text), defined(text)];
    return OURS.filter((ours) => calls.has(ours) && !known.has(ours)).map((ours) => `${name}: ${ours}`);
  });

  expect(loaded().length).toBeGreaterThan(40);
  // The limits of handlers are joined only before the scripts that may meet one.
  expect(missing.filter((one) => !GATED.test(one))).toEqual([]);
});

const FOLDER = join(PROJECT, "src");
const GATED = /^(?:accept|push): (?:gateOf|heldAt|startsAtOnce|takeIn|give)$/;
const OURS = [...defined(globSync("ledger/lua/*.lua", { cwd: FOLDER }).map(read).join("\n"))];

/** The calls of `loadScript` in the sources. */
function loaded(): readonly { readonly kind: ScriptKind; readonly name: string }[] {
  const sources = globSync("**/*.ts", { cwd: FOLDER }).map(read).join("\n");
  return [...sources.matchAll(/loadScript\(\w+, "(source|gate|page|shared|queue)", "([\w-]+)"\)/g)].flatMap(
    ([, kind, name]) => (isKind(kind) && name !== undefined ? { kind, name } : []),
  );
}

function isKind(text: string | undefined): text is ScriptKind {
  return ["source", "gate", "page", "shared", "queue"].some((kind) => kind === text);
}

function defined(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/\bfunction (\w+)\(|^(\w+) = function\(/gm)].map(([, one, other]) => one ?? other ?? ""),
  );
}

function called(text: string): ReadonlySet<string> {
  const code = text.replaceAll(/--.*$/gm, "").replaceAll(/\bfunction \w+\(/g, "");
  return new Set([...code.matchAll(/(?<![.\w])(\w+)\(/g)].map(([, name = ""]) => name));
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}
