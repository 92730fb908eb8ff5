/** The options of `replay`. */
import { parseArgs } from "node:util";
import { ConfigError } from "../../config/config-error.ts";
import { messageOf } from "../../core/failure.ts";

export type ReplayOptions = {
  readonly parked: boolean;
  readonly dryRun: boolean;
  readonly skipUnreadable: boolean;
  readonly help: boolean;
  /** In place of `ARCHIVE_DIR`. */
  readonly dir?: string;
  readonly url?: string;
  /** ISO times. */
  readonly from?: string;
  readonly to?: string;
  readonly types: readonly string[];
  readonly ids: readonly string[];
  /** In lower case. */
  readonly text?: string;
  readonly limit: number;
  readonly perSecond: number;
};

export const HELP = `Runs events of the archive again, in this process, under new ids. Confirms nothing.

  --from TIME       handled since then: 2026-11-20, 2026-11-20T14:30 (UTC), or 90m, 2h, 3d ago
  --to TIME         handled before then
  --type TYPE       of this type; may be given several times
  --id ID           with this id; may be given several times
  --text TEXT       with this text anywhere in it; case does not matter
  --limit N         the first N of them
  --dry-run         shows which they are; runs nothing
  --url URL         sends them there, signed with FORWARD_SECRET, instead of running the handlers
  --per-second N    begins at most so many in a second
  --dir DIR         the archive, in place of ARCHIVE_DIR
  --skip-unreadable goes on where a line of the archive cannot be read
  --parked --dry-run
                    runs the handlers on what is parked in REDIS_URL, to try whether they can do it now; the events
                    stay parked. Handlers find context.replay.isTrial set.

Exit code: 0 all were handled, 1 some failed, 2 a mistake, 3 nothing was found, 130 stopped.
`;

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean", default: false } as const;

const FLAGS = {
  from: text,
  to: text,
  type: list,
  id: list,
  text,
  limit: text,
  url: text,
  "per-second": text,
  dir: text,
  "dry-run": flag,
  parked: flag,
  "skip-unreadable": flag,
  help: { ...flag, short: "h" },
} as const;

export function readOptions(args: readonly string[], now = Date.now()): ReplayOptions {
  const given = parse(args);
  const { url, dir, parked, help } = given;
  const to = timeOf("--to", given, now);
  const from = timeOf(FROM, given, now);
  if (from !== undefined && to !== undefined && from >= to)
    throw new ConfigError([`--to: ${to} is not after --from, ${from}`]);
  if (parked && !given["dry-run"])
    throw new ConfigError([
      "--parked: add --dry-run: the handlers run here, and the events stay parked; to handle them, retry them on the dashboard",
    ]);
  if (parked && dir !== undefined) throw new ConfigError(["--parked: reads Redis and no archive; leave --dir out"]);
  return {
    parked,
    help,
    dryRun: given["dry-run"],
    skipUnreadable: given["skip-unreadable"],
    ...(dir !== undefined && { dir }),
    ...(url !== undefined && { url }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    types: given.type ?? [],
    ids: given.id ?? [],
    ...(given.text !== undefined && { text: given.text.toLowerCase() }),
    limit: numberOf("--limit", given.limit),
    perSecond: numberOf("--per-second", given["per-second"]),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (cause) {
    throw new ConfigError([`replay: ${messageOf(cause)}; --help lists the options`], { cause });
  }
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const FROM = `--from`;

type Times = { readonly from?: string | undefined; readonly to?: string | undefined };

function timeOf(name: string, times: Times, now: number): string | undefined {
  const given = name === FROM ? times.from : times.to;
  if (given === undefined) return undefined;
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  if (unit === "m" || unit === "h" || unit === "d") return new Date(now - Number(amount) * UNITS[unit]).toISOString();
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(given) || /^\d{4}-\d\d-\d\d$/.test(given);
  const time = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(hasZone ? given : `${given}Z`) : NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new ConfigError([
    `${name}: ${JSON.stringify(given)} is no time; use 2026-11-20, 2026-11-20T14:30, or 90m, 2h, 3d ago`,
  ]);
}

function numberOf(name: string, given: string | undefined): number {
  if (given === undefined) return Infinity;
  const value = Number(given);
  if (/^\d+(\.\d+)?$/.test(given) && value > 0) return value;
  throw new ConfigError([`${name}: ${JSON.stringify(given)} is no number above 0`]);
}
