import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { importGraph } from "../package/import-graph.ts";
import { PROJECT } from "../support/process.ts";

/** `testing` is for the tests of whoever writes handlers. */
const OF_STAGE = /^src\/(simulators\/|testing\/|cli\/(demo|simulate)[.-]|cli\/dev\/)/;

test("production code imports no simulator, neither dynamically nor for a type", () => {
  const production = globSync("src/**/*.ts", { cwd: PROJECT }).filter((file) => !OF_STAGE.test(file));
  // these two know the commands, which load theirs when they are called
  const entries = production.filter((file) => !["src/cli/bin.ts", "src/cli/index.ts"].includes(file));
  const loaded = importGraph(PROJECT, ...entries).files;

  expect(production.length).toBeGreaterThan(80);
  expect(loaded.filter((file) => OF_STAGE.test(file))).toEqual([]);
});
