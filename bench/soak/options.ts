import { z } from "zod";
import { readFlags } from "../../src/simulators/kit/flags.ts";
import { minutes, someOf, whole } from "../kit/flags.ts";
import { LEAKS } from "./leaks.ts";

export const HELP = `Usage: npm run soak -- [options]

Holds a steady rate of events of all kinds by all doors, and fails if the worker keeps anything of them: memory, Redis
keys, descriptors, timers, listeners. Exit code 0: flat, and nothing was lost; 1: something grew, or was lost.

  --rate N        events per second (500)
  --minutes N     how long, without the drain that follows (10); below 5 all times of the vendors are shorter too
  --seed N        equal seeds make equal events (1)
  --leak A,B      leaks on purpose, to show that it is found: ${LEAKS.join(", ")}
  --json FILE     every sample
  --help
`;

const Flags = z.object({
  rate: whole(4, 5_000).default(500),
  minutes: minutes().default(10),
  seed: whole(0, 2 ** 31).default(1),
  leak: someOf(LEAKS).default([]),
  json: z.string().min(1).optional(),
});

export type Options = z.infer<typeof Flags>;

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[]): Options | undefined {
  return readFlags(Flags, argv);
}
