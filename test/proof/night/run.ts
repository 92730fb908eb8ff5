/** `npm run night`. Everything that it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { runCommand } from "../../../bench/kit/command.ts";
import { whole } from "../../../bench/kit/flags.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { playNight } from "./night.ts";
import { nightPage, violationsOf } from "./report.ts";

const HELP = `Usage: npm run night -- [options]

A night on call, in some minutes: many events are parked, then one thing after the other goes wrong. Each time /readyz,
doctor and the desk are read: do they name the cause and the remedy?

  --events N      how many come at first (5000)
  --parked N      how many of these are parked (2000)
  --only TEXT     the troubles that have this in their name
  --page FILE     writes the page docs/night.md there
  --log FILE      writes the log of all workers there
  --help

Ends with 1 if one of the three does not say it, if an event is lost or confirmed early, or if the log exceeds 1 MB.
`;

const Flags = z.object({
  events: whole(25, 100_000).default(5_000),
  parked: whole(10, 10_000).default(2_000),
  only: z.string().default(""),
  page: z.string().optional(),
  log: z.string().optional(),
});

await runCommand(async (argv, signal) => {
  const flags = readFlags(Flags, argv);
  if (!flags) return console.log(HELP);
  const night = await playNight(flags, (line) => console.error(line), signal);
  const page = nightPage(night);
  if (flags.page === undefined) console.log(page);
  else await writeFile(flags.page, page);
  if (flags.log !== undefined) await writeFile(flags.log, night.log);
  const violations = violationsOf(night);
  for (const violation of violations) console.log(violation);
  console.log(violations.length === 0 ? "all three said it, each time" : `${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
});
