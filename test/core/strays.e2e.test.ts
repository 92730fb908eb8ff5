/** These tests use separate processes, because a test runner counts every unhandled rejection as its own failure. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PROJECT } from "../support/process.ts";

const SETUP = `
  import { setTimeout as nap } from "node:timers/promises";
  import { tellStray, withStrays } from "./src/core/strays.ts";
  import { watchStrays } from "./src/worker/watch-strays.ts";
  const told = [];
  const attempt = (name, run) => withStrays((thrown) => told.push([name, String(thrown)]), run);
  const later = async (ms, text) => { await nap(ms); throw new Error(text); };
  process.on("exit", () => console.log(JSON.stringify(told)));
`;

async function runScript(
  script: string,
): Promise<{ readonly code: number; readonly told: unknown; readonly err: string }> {
  const started = promisify(execFile)(join(PROJECT, "bin/node"), ["--input-type=module", "-e", SETUP + script], {
    cwd: PROJECT,
  });
  const {
    code = 0,
    stdout,
    stderr,
  } = await started.then(
    (ended) => ({ code: 0, ...ended }),
    (failed) => failed,
  );
  return { code, told: JSON.parse(stdout), err: stderr };
}

test(
  "a rejected promise is reported with the attempt that started it, however late and however deep",
  { concurrent: true },
  async () => {
    const { code, told } = await runScript(`
    watchStrays();
    await attempt("a", async () => void later(30, "a, after it returned"));
    const b = attempt("b", async () => { later(10, "b, while it runs"); await nap(50); });
    await attempt("c", async () => void Promise.all([later(40, "c, first of two"), later(45, "c, second of two")]));
    attempt("d", () => setTimeout(() => void Promise.reject("d, by a timer"), 20));
    attempt("e", () => queueMicrotask(() => void Promise.reject(null)));
    await b;
    await nap(60);
  `);

    expect(code).toBe(0);
    // on a busy machine, timers of different lengths fire together, in any order
    expect(told).toHaveLength(5);
    expect(told).toEqual(
      expect.arrayContaining([
        ["a", "Error: a, after it returned"],
        ["b", "Error: b, while it runs"],
        ["c", "Error: c, first of two"],
        ["d", "d, by a timer"],
        ["e", "null"],
      ]),
    );
  },
);

test("a rejected promise that is awaited is not reported", { concurrent: true }, async () => {
  const { told } = await runScript(`
    watchStrays();
    await attempt("a", () => later(1, "mine")).catch(() => {});
    await attempt("b", async () => { await later(1, "mine").catch(() => {}); });
  `);

  expect(told).toEqual([]);
});

test.each([
  ["a worker watches", "watchStrays();"],
  ["a worker watched and stopped", "watchStrays()();"],
  ["one of two workers stopped, twice", "watchStrays(); const stop = watchStrays(); stop(); stop();"],
])(
  "a rejected promise that belongs to no handler ends the process as usual: %s",
  { concurrent: true },
  async (_, watch) => {
    const { code, told, err } = await runScript(`${watch} void later(1, "of the program around"); await nap(100);`);

    expect({ code, told }).toEqual({ code: 1, told: [] });
    expect(err).toContain("of the program around");
  },
);

test(
  "if the surrounding program listens for rejected promises itself, its decision stands",
  { concurrent: true },
  async () => {
    const { code, told } = await runScript(`
    process.on("unhandledRejection", (reason) => told.push(["around", String(reason)]));
    watchStrays();
    void later(1, "theirs");
    await nap(20);
  `);

    expect({ code, told }).toEqual({ code: 0, told: [["around", "Error: theirs"]] });
  },
);

test("two workers in one process report a rejected promise once", { concurrent: true }, async () => {
  const { told } = await runScript(`
    watchStrays();
    watchStrays()();
    watchStrays();
    await attempt("a", async () => void later(1, "once"));
    await nap(20);
  `);

  expect(told).toEqual([["a", "Error: once"]]);
});
