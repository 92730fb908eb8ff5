/** `npm run proof:failover`. Everything that it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { runCommand } from "../../../bench/kit/command.ts";
import { whole } from "../../../bench/kit/flags.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { runFailover, type FailoverVerdict } from "./failover.ts";
import { reportOf, violationsOf } from "./report.ts";
import { FAILOVER_ROWS } from "./rows.ts";

const HELP = `Usage: npm run proof:failover -- [options]

Real workers, a primary with two replicas and three sentinels, or a cluster of three primaries with a replica each, serve
simulated vendors through both doors, while the primary goes in every way. In the rows of a network that fails, a process
of its own holds a proxy before each Redis, and all reach it there. Each row runs without and with
REDIS_WAIT_REPLICAS=1. Then every event is asked what became of it. A second run stands with when its event was handled
first: before it struck (noted on the old primary alone), meanwhile, or later.

  --events N      how many in each row (2000)
  --only TEXT     the rows whose names have it
  --json FILE     writes what was found, after each row
  --help

Ends with 1 if a pulled event was lost, or confirmed before its success, or one that was answered 200 with a replica to wait
for was lost, or if work took longer than 10 s to go on.
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
  for (const row of FAILOVER_ROWS.filter(({ name }) => name.includes(options.only))) {
    for (const waitReplicas of [0, 1]) {
      console.error(`${row.name}, REDIS_WAIT_REPLICAS=${waitReplicas}`);
      verdicts.push(await runFailover(row, { events: options.events, waitReplicas }, signal));
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(verdicts, null, 2)}\n`);
    }
  }
  const violations = verdicts.flatMap(violationsOf);
  console.log(`\n${reportOf(verdicts)}\n`);
  for (const violation of violations) console.log(violation);
  console.log(violations.length === 0 ? "every promise held" : `${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
});
