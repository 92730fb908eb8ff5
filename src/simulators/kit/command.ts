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

/** Rejects with a `UsageError` if a flag is wrong or the port is in use. With --help it starts nothing. */
export function createCommand<S extends z.ZodObject>({ schema, help, switches, start }: CommandOptions<S>): Simulate {
  return async (argv, log) => {
    const flags = readFlags(schema, argv, switches);
    if (flags) return start(flags, log);
    log(help);
    return { close: async () => {} };
  };
}

type Announcement = {
  /** `The simulator of Amazon SQS` */
  readonly title: string;
  readonly url: string;
  /** The flag for each secret of the settings. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Bodies for POST /control/events. */
  readonly examples: readonly object[];
};

/** Prints the address of the account and how to publish events, and starts its traffic. */
export function announced(
  door: Door,
  { title, url, secrets, examples }: Announcement,
  traffic: TrafficOptions & { readonly log: (line: string) => void },
): { close(): Promise<void> } {
  const lines = [
    `${title} answers at ${url}`,
    "A worker finds it with",
    ...settingsLines(door.env, secrets),
    "Publish events of your own, and see what became of them:",
    ...examples.map((example) => `  curl ${url}/control/events -d '${JSON.stringify(example)}'`),
    `  curl '${url}/control/events?limit=5'`,
    `  curl ${url}/control/stats`,
    traffic.rate > 0 ? `${traffic.rate} events per second come by themselves.` : "No events come by themselves.",
  ];
  for (const line of lines) traffic.log(line);
  return withTraffic(door, traffic);
}

/** The settings for a worker. A secret is shown only if it is the public default. */
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
