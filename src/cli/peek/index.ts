/** `peek` and `start --peek` show the events that wait at the vendor. They need only the vendor's credentials. */
import { parseArgs } from "node:util";
import { pino } from "pino";
import { ConfigError } from "../../config/config-error.ts";
import { messageOf } from "../../core/failure.ts";
import { readConfig } from "../../config/config.ts";
import { predictOutcomes } from "./expected-outcome.ts";
import { loadHandlers } from "../../worker/load-handlers.ts";
import { isError } from "../../core/finding.ts";
import { look } from "./look.ts";
import { reportLines } from "./report.ts";
import { openFixtures, type SaveOptions } from "./save.ts";
import { openSources } from "../../worker/doors.ts";
import { endWithReader, onInterrupt, plural, print } from "../terminal.ts";

/** As a shell counts it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

const HELP = `Looks at what waits at the vendor; runs nothing, confirms nothing.

  --save DIR    keeps each event as a file there, for tests
  --anonymous   with other ids, names and addresses in it, the same ones everywhere
`;

/** Resolves with the exit code. */
export async function peek(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = [],
): Promise<number> {
  const options = readOptions(args);
  if (options === "help") {
    print(HELP);
    return 0;
  }
  // Roles and Redis do not matter here: looking takes only credentials.
  const config = readConfig({ ...env, ROLES: undefined });
  const handlers = await loadHandlers({ ...config, roles: [] });
  const outcomeOf = predictOutcomes(config, handlers.list);
  const stopping = new AbortController();
  using _interrupt = onInterrupt(() => stopping.abort());
  using _reader = endWithReader();
  const log = pino({ level: "warn", base: null }, pino.destination({ fd: 2, sync: true }));
  const fixtures = options && (await openFixtures(options));
  const sources = await openSources(config, log);
  print("Looking at what waits at the vendor, for up to 15 s. Nothing is run, nothing is confirmed.", "");
  const looks = sources.map((source) => look(source, stopping.signal));
  let failed = false;
  for (const looking of looks) {
    const seen = await looking;
    failed ||= seen.findings.some(isError);
    print(...reportLines(seen, outcomeOf));
    if (options && fixtures) print(`  ${savedLine(await fixtures.save(seen), options)}`, "");
  }
  for (const source of sources) source.close();
  return stopping.signal.aborted ? INTERRUPTED : failed ? 1 : 0;
}

function readOptions(args: readonly string[]): SaveOptions | "help" | undefined {
  const flag = { type: "boolean", default: false } as const;
  const options = { save: { type: "string" }, anonymous: flag, help: { ...flag, short: "h" } } as const;
  try {
    const { save: dir, anonymous, help } = parseArgs({ args: [...args], options }).values;
    if (help) return "help";
    if (dir !== undefined) return { dir, anonymous };
    if (anonymous) throw new Error("--anonymous needs --save DIR: it says how to save");
    return undefined;
  } catch (cause) {
    throw new ConfigError([`peek: ${messageOf(cause)}; --help lists the options`], { cause });
  }
}

function savedLine(count: number, { dir, anonymous }: SaveOptions): string {
  const saved = `${plural(count, "event")} saved in ${dir}`;
  if (anonymous) return `${saved}, with other ids, names and addresses. Look through them before you pass them on.`;
  return `${saved}, as the vendor sent them: with real ids, names and addresses (--anonymous replaces them).`;
}
