/** `peek`, and `start --peek`: what waits at the vendor, seen with nothing but its credentials. */
import { pino } from "pino";
import { readConfig } from "../../config/config.ts";
import { predictOutcomes } from "./expected-outcome.ts";
import { loadHandlers } from "../../worker/load-handlers.ts";
import { isError } from "../../core/finding.ts";
import { look } from "./look.ts";
import { reportLines } from "./report.ts";
import { openSources } from "../../worker/doors.ts";
import { exitWith, print } from "../terminal.ts";

/** As a shell counts it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

export async function peek(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  // Whatever part of a deployment this environment is meant for: looking takes credentials, and no Redis.
  const config = readConfig({ ...env, ROLES: undefined });
  const handlers = await loadHandlers({ ...config, roles: [] });
  const outcomeOf = predictOutcomes(config, handlers.list);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  // Whoever read us, such as `less`, has seen enough.
  process.stdout.on("error", () => process.exit(1));

  const log = pino({ level: "warn", base: null }, pino.destination({ fd: 2, sync: true }));
  const sources = await openSources(config, log);
  print("Looking at what waits at the vendor, for up to 15 s. Nothing is run, nothing is confirmed.", "");
  const looks = sources.map((source) => look(source, stopping.signal));
  let failed = false;
  for (const looking of looks) {
    const seen = await looking;
    failed ||= seen.findings.some(isError);
    print(...reportLines(seen, outcomeOf));
  }
  for (const source of sources) source.close();
  exitWith(stopping.signal.aborted ? INTERRUPTED : failed ? 1 : 0);
}
