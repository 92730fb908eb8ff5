/** `npm run proof:desk`. Everything that it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { runCommand } from "../../../bench/kit/command.ts";
import { whole } from "../../../bench/kit/flags.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { launchBrowser } from "../../support/chromium.ts";
import { askAll, timeAnswers } from "./desk.ts";
import { reportOf, violationsOf } from "./report.ts";
import { openStage } from "./stage.ts";

const HELP = `Usage: npm run proof:desk -- [options]

Asks the desk of a running worker what a person on call wants to know within ten seconds, in a browser as wide as a desktop
and as a phone: with so many parked, open and past events in Redis.

  --parked N      20000
  --open N        100000
  --past N        200000
  --json FILE     writes what was found
  --help

Ends with 1 if the desk does not tell it, or not in ten seconds, or if a search or the groups take more than one.
`;

const Flags = z.object({
  parked: whole(6, 100_000).default(20_000),
  open: whole(2, 450_000).default(100_000),
  past: whole(256, 1_000_000).default(200_000),
  json: z.string().optional(),
});

function say(line: string): void {
  console.error(line);
}

await runCommand(async (argv, signal) => {
  const options = readFlags(Flags, argv);
  if (!options) return console.log(HELP);
  const stage = await openStage(options, say);
  const browser = await launchBrowser();
  try {
    const answers = await askAll(browser, stage, say, signal);
    const verdict = { answers, timed: await timeAnswers(stage) };
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(verdict, null, 2)}\n`);
    const violations = violationsOf(verdict);
    console.log(`\n${reportOf(verdict)}\n`);
    for (const violation of violations) console.log(violation);
    console.log(violations.length === 0 ? "the desk told all of it in time" : `${violations.length} violations`);
    if (violations.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await stage.close();
  }
});
