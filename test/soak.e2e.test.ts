import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { setupCommand } from "./support/bench-command.ts";

const SOAK = "bench/soak/run.ts";
const SHORT = ["--rate", "40", "--minutes", "0.1"];
/** For a machine that is busy with other things. */
const LONG = { timeout: 240_000 };

/** It leaks all at once, and yet each is seen by itself: beside ten copies of each body the others hardly weigh anything. */
test("the soak passes a worker without a leak, and finds one that keeps something of each event", LONG, async () => {
  const [tidy, leaking] = [await setupCommand(SOAK), await setupCommand(SOAK)];

  const [flat, grown] = await Promise.all([
    tidy.start(SHORT).ended,
    leaking.start([...SHORT, "--leak", "body,key,descriptor,timer,listener"]).ended,
  ]);

  expect(flat.output).toContain("npm run soak -- --rate 40 --minutes 0.1\n");
  expect(flat.output).toMatch(/\nquantity +beginning +end +growth +per 1,000 events +allowed +verdict\n/);
  expect(flat.output).not.toContain("GROWN");
  expect(flat.output).toMatch(/\nflat, and nothing was lost\n$/);
  expect(flat.code).toBe(0);
  for (const quantity of ["heap in use, MB", "listeners", "timers", "file descriptors", "  all others"])
    expect(grown.output).toMatch(new RegExp(`\n${quantity} .+ GROWN\n`));
  expect(grown.output).toMatch(/\nabort signals .+ flat\n/);
  expect(grown.output).toContain("\nlisteners: growing\n");
  expect(grown.code).toBe(1);
  for (const { folder, nothingRuns } of [tidy, leaking]) {
    expect(await readdir(folder)).toEqual([]);
    await nothingRuns();
  }
});

test("Ctrl-C ends the soak and all its processes, and prints the measurements", LONG, async () => {
  const { start, folder, nothingRuns } = await setupCommand(SOAK);
  const { pid, output, ended } = start(["--rate", "100", "--minutes", "0.2"]);
  await vi.waitFor(() => expect(output()).toMatch(/^\d+ s: /m), { timeout: 60_000 });

  process.kill(-pid, "SIGINT");
  const { code } = await ended;

  expect(output()).toMatch(/\nheap in use, MB +\d+/);
  expect(output()).toMatch(/\nit was stopped before its end\nstopped by SIGINT\n$/);
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  await nothingRuns();
});

test("a wrong option of the soak is an error that names it and lists the valid ones", async () => {
  const { start } = await setupCommand(SOAK);

  const { code, output } = await start(["--rate", "fast", "--minutes", "0", "--leak", "water"]).ended;

  expect(output).toBe(
    [
      "--rate: must be a whole number from 4 to 5000",
      "--minutes: must be 0.1 or more",
      "--leak: must be of body, key, descriptor, timer, listener",
      "",
    ].join("\n"),
  );
  expect(code).toBe(2);
});
