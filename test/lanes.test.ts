import { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { OTHERS, UNIT } from "./support/lanes.ts";
import { LONGEST } from "./support/longest-first.ts";
import { PROJECT } from "./support/process.ts";
import { setupRedis, startOwnRedis } from "./support/redis.ts";

const LANES = [UNIT, ...OTHERS];

test.each(Object.entries({ exec, execFile, execFileSync, execSync, fork, spawn, spawnSync }))(
  "a unit test that calls %s fails with the file name that it needs",
  (_, start) => {
    expect(() => start("true")).toThrow("name its file NAME.redis.test.ts or NAME.e2e.test.ts");
  },
);

test("a unit test that asks for Redis fails with the file name that it needs", async () => {
  expect(() => setupRedis()).toThrow("name its file NAME.redis.test.ts");
  await expect(startOwnRedis()).rejects.toThrow();
});

test("every test file belongs to exactly one lane", () => {
  const lanesOf = (file: string): readonly string[] =>
    LANES.filter(({ include, exclude }) => includes(include, file) && !includes(exclude, file)).map(({ name }) => name);
  const files = globSync("test/**/*.test.ts", { cwd: PROJECT });

  expect(files.filter((file) => lanesOf(file).length !== 1)).toEqual([]);
  expect(new Set(files.flatMap(lanesOf)).size).toBe(LANES.length);
});

test("every file in the list of longest tests exists", () => {
  expect(LONGEST.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
});

test("every lane has a command", () => {
  const { scripts } = z
    .looseObject({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")));

  for (const { name } of LANES) expect(scripts[`test:${name}`]).toMatch(new RegExp(` run --project ${name}$`));
});

function includes(patterns: readonly string[], file: string): boolean {
  return patterns.some((pattern) => matchesGlob(file, pattern));
}
