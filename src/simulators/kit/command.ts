/** A simulator as a command: flags, an introduction, and events that come by themselves until it is closed. */
import type { z } from "zod";
import type { Door } from "./door.ts";
import { readFlags } from "./flags.ts";
import type { TrafficOptions } from "./traffic.ts";

export type Simulate = (argv: readonly string[], log: (line: string) => void) => Promise<{ close(): Promise<void> }>;

type CommandOptions<S extends z.ZodObject> = {
  readonly schema: S;
  readonly help: string;
  /** Flags that take no value. */
  readonly switches?: readonly string[];
  readonly start: (flags: z.output<S>, log: (line: string) => void) => Promise<{ close(): Promise<void> }>;
};

/** Rejects with a `UsageError` when a flag is wrong or the port is taken. With --help nothing is started. */
export function createCommand<S extends z.ZodObject>({ schema, help, switches, start }: CommandOptions<S>): Simulate {
  return async (argv, log) => {
    const flags = readFlags(schema, argv, switches);
    if (flags) return start(flags, log);
    log(help);
    return { close: async () => {} };
  };
}

/** The settings for a worker, in which a secret is shown only where it is the one that everybody knows. */
export function settingsLines(env: Door["env"], secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => {
    const flag = secrets[name];
    return `  ${name}=${flag === undefined || value === "simulator" ? value : `(what ${flag} says)`}`;
  });
}

/** Closing ends the traffic before its door. */
export function withTraffic(door: Door, traffic: TrafficOptions): { close(): Promise<void> } {
  const running = traffic.rate > 0 ? door.startTraffic(traffic) : undefined;
  return {
    close() {
      running?.close();
      return door.close();
    },
  };
}

export function rateLine(rate: number): string {
  return rate > 0 ? `${rate} events per second come by themselves.` : "No events come by themselves.";
}
