/**
 * `npm run soak`. It keeps a steady rate for the requested time, and fails if something grows or is lost. Everything
 * that it starts ends with it.
 */
import { writeFile } from "node:fs/promises";
import { runCommand } from "../kit/command.ts";
import { describeMachine } from "../kit/machine.ts";
import { judge } from "./judge.ts";
import { HELP, readOptions } from "./options.ts";
import { numberOf, soakReport } from "./report.ts";
import { soak } from "./soak.ts";
import type { Sample } from "./stage.ts";

const TELL_MS = 30_000;

await runCommand(async (argv, signal) => {
  const options = readOptions(argv);
  if (!options) return console.log(HELP);
  const machine = await describeMachine(signal);
  const soaked = await soak(options, createTell(TELL_MS), signal);
  const judgement = judge(soaked, options.rate);
  const command = ["npm run soak --", ...argv].join(" ");
  console.log(`\n${command}\n${machine}\n${soakReport(judgement, soaked)}\n`);
  console.log(judgement.problems.length > 0 ? judgement.problems.join("\n") : "flat, and nothing was lost");
  const result = { command, machine, options, judgement, ...soaked };
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(result, null, 2));
  signal.throwIfAborted();
  if (judgement.problems.length > 0) process.exitCode = 1;
});

/** Prints a line now and then, to show progress. */
function createTell(everyMs: number): (sample: Sample) => void {
  let due = 0;
  return ({ atMs, worker, vendors: { confirmed, unconfirmed } }) => {
    if (atMs < due) return;
    due = atMs + everyMs;
    const heap = numberOf(worker.heapBytes / 1024 / 1024, 1);
    const [seconds, events] = [Math.round(atMs / 1_000), numberOf(confirmed)];
    console.error(`${seconds} s: ${events} confirmed, ${unconfirmed} under way, heap ${heap} MB`);
  };
}
