import { z } from "zod";
import { minutes, whole } from "../../../bench/kit/flags.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";

export const HELP = `Usage: npm run chaos -- [options]

Real workers and a real Redis serve a simulated vendor while everything goes wrong. Then it is quiet, and every event is
asked what became of it.

  --events N      how many (20000)
  --minutes M     for how long they come and things go wrong (1)
  --seed S        which trouble comes when (1)
  --workers N     how many (3)
  --help

Ends with 1 if an event was lost, confirmed before its handler had succeeded, or handled again without a reason.
`;

const Flags = z.object({
  events: whole(1, 1_000_000).default(20_000),
  minutes: minutes().default(1),
  seed: whole(0, 2 ** 31).default(1),
  workers: whole(1, 20).default(3),
});

export type ChaosOptions = z.infer<typeof Flags>;

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[]): ChaosOptions | undefined {
  return readFlags(Flags, argv);
}
