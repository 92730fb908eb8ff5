/** `npm run proof:failover`. Everything that it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { runCommand } from "../../../bench/kit/command.ts";
import { whole } from "../../../bench/kit/flags.ts";
import { messageOf } from "../../../src/core/failure.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { runFailover } from "./failover.ts";
import { reportOf, violationsOf } from "./report.ts";
import { FAILOVER_ROWS } from "./rows.ts";
import type { FailoverVerdict } from "./verdict.ts";

const HELP = `Usage: npm run proof:failover -- [options]

A primary with two replicas and three sentinels, or a cluster of three primaries with two replicas each, serve two
workers, while the primary goes in every way. The vendor, the workers and each server have processes of their own, and so
have the proxies before each Redis in the rows of a network that fails. Events come through both doors. Each row runs
without and with REDIS_WAIT_REPLICAS=1. Then the outcome of every event is checked, and the counts of all processes are
compared. A second run stands with the time of the event's first success: before the failure (its note was on the old
primary alone), meanwhile, or later.

  --events N      how many in each row (2000)
  --only TEXT     the rows whose names have it
  --json FILE     writes what was found, after each row
  --help

TEST_REDIS=valkey takes Valkey as the server. The table goes to stdout as Markdown, all else to stderr.
Ends with 1 if a pulled event was lost, or confirmed before its success, or one that was answered 200 with a replica to
wait for was lost, if a second run has no reason, if counts differ, if work took longer than 10 s to go on, or if a row
could not run.
`;

const Flags = z.object({
  events: whole(10, 100_000).default(2_000),
  only: z.string().default(""),
  json: z.string().optional(),
});

await runCommand(async (argv, signal) => {
  const options = readFlags(Flags, argv);
  if (!options) return console.log(HELP);
  const verdicts: FailoverVerdict[] = [];
  const violations: string[] = [];
  for (const row of FAILOVER_ROWS.filter(({ name }) => name.includes(options.only))) {
    for (const waitReplicas of [0, 1]) {
      const where = `${row.name}, REDIS_WAIT_REPLICAS=${waitReplicas}`;
      console.error(where);
      try {
        verdicts.push(await runFailover(row, { events: options.events, waitReplicas }, signal));
      } catch (err) {
        signal.throwIfAborted();
        violations.push(`${where}: it could not run, ${messageOf(err)}`);
        console.error(err);
      }
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(verdicts, null, 2)}\n`);
    }
  }
  violations.push(...verdicts.flatMap(violationsOf));
  if (verdicts.length > 0) console.log(reportOf(verdicts));
  for (const violation of violations) console.error(violation);
  console.error(violations.length === 0 ? "every promise held" : `${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
});
