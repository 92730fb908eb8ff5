/** `replay`: runs handled events again, or tries handlers on parked events. */
import { pino } from "pino";
import { ConfigError } from "../../config/config-error.ts";
import { OWN_SETTINGS } from "../../config/settings.ts";
import { createHandlers, type Handlers } from "../../core/handlers.ts";
import { nearest } from "../../core/nearest.ts";
import { settledBefore } from "../../core/sleep.ts";
import { watchStrays } from "../../worker/watch-strays.ts";
import { readGiven, readSettings } from "../../settings/given.ts";
import type { ValuesOf } from "../../settings/setting.ts";
import { VENDORS } from "../../vendors/index.ts";
import { assertRoomToForward } from "../../worker/check-handlers.ts";
import { forward } from "../../worker/forward/forward.ts";
import { loadHandlers } from "../../worker/load-handlers.ts";
import { onInterrupt, print } from "../terminal.ts";
import { HELP, readOptions, type ReplayOptions } from "./options.ts";
import { selectParked } from "./parked.ts";
import { createReport } from "./report.ts";
import { runAll } from "./run.ts";
import { selectArchived, type Selection } from "./select.ts";

type Env = Readonly<Record<string, string | undefined>>;
type Values = ValuesOf<typeof OWN_SETTINGS>;

const NOTHING_FOUND = 3;
const INTERRUPTED = 130;
const CLOSE_MS = 3_000;

/** Resolves with the exit code. */
export async function replay(env: Env, args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const settings = valuesOf(env);
  const isListing = options.dryRun && !options.parked;
  // The handlers come first, because reading the archive may take long.
  const { handlers, close } = isListing
    ? { handlers: undefined, close: undefined }
    : await handlersOf(settings, options);
  const selection = await select(settings, options);
  const report = createReport(selection.count);
  for (const note of selection.notes) process.stderr.write(`${note}\n`);
  if (selection.count === 0) {
    print("nothing was found: no such event, or none that all of the options are true of", ...slipsIn(options));
    return NOTHING_FOUND;
  }
  if (!handlers) {
    for await (const event of selection.events()) report.list(event);
    report.tellListed();
    return 0;
  }
  const [stopping, ending] = [new AbortController(), new AbortController()];
  using _interrupt = onInterrupt(() => {
    if (stopping.signal.aborted) ending.abort(new Error("the process is stopping"));
    stopping.abort();
  });
  const unwatch = watchStrays();
  const log = pino({ level: settings.LOG_LEVEL, base: null }, pino.destination({ fd: 2, sync: true }));
  const running = { handlers, isTrial: options.parked, perSecond: options.perSecond, log };
  for await (const ran of runAll(selection.events(), { ...running, stopping: stopping.signal, ending: ending.signal }))
    report.ran(ran);
  unwatch();
  await settledBefore((async () => close?.())(), AbortSignal.timeout(CLOSE_MS));
  const failed = report.summary();
  return stopping.signal.aborted ? INTERRUPTED : failed > 0 ? 1 : 0;
}

/**
 * An archive may hold types that this version does not know. So an unknown type is reported only if nothing was found.
 */
function slipsIn({ types }: ReplayOptions): readonly string[] {
  const known = VENDORS.flatMap((vendor) => vendor.types);
  return types.flatMap((type) => {
    const meant = known.includes(type) ? undefined : nearest(type, known);
    return meant === undefined ? [] : [`--type ${type}: did you mean ${meant}?`];
  });
}

/** Needs no configured vendor, because `replay` calls none. */
function valuesOf(env: Env): Values {
  const given = readGiven(env, OWN_SETTINGS);
  const { complete, mistakes } = readSettings(OWN_SETTINGS, given);
  if (!complete || given.mistakes.length > 0) throw new ConfigError([...given.mistakes, ...mistakes]);
  return complete;
}

async function select(settings: Values, options: ReplayOptions): Promise<Selection> {
  if (options.parked) {
    const { REDIS_URL: url, REDIS_SENTINEL_PASSWORD: sentinelPassword, QUEUE_PREFIX: keyPrefix } = settings;
    return await selectParked({ url, prefix: keyPrefix, sentinelPassword }, options);
  }
  const dir = options.dir ?? settings.ARCHIVE_DIR;
  if (dir === undefined) throw new ConfigError(["ARCHIVE_DIR: is not set; set it, or name the archive with --dir"]);
  return await selectArchived(dir, options);
}

type Ready = { readonly handlers: Handlers; readonly close?: (() => unknown) | undefined };

async function handlersOf(settings: Values, { url }: ReplayOptions): Promise<Ready> {
  const { FORWARD_URL, FORWARD_SECRET: secrets, FORWARD_FORMAT: format, HANDLERS } = settings;
  const { ATTEMPTS: attempts, BACKOFF_MS: backoffMs, HANDLER_TIMEOUT_MS: timeoutMs } = settings;
  const defaults = { attempts, backoffMs, timeoutMs };
  if (url !== undefined) {
    if (!secrets) throw new ConfigError(["FORWARD_SECRET: is not set; --url signs with it"]);
    const read = OWN_SETTINGS.FORWARD_URL.field.safeParse(url);
    if (!read.success) throw new ConfigError(read.error.issues.map(({ message }) => `--url: ${message}`));
    return { handlers: createHandlers([forward({ url: read.data, secrets, format })], defaults) };
  }
  const target = FORWARD_URL !== undefined && secrets ? { url: FORWARD_URL, secrets, format } : undefined;
  const forwarding = target ? { forward: target } : {};
  const path = HANDLERS === undefined ? {} : { handlersPath: HANDLERS };
  const { list, close } = await loadHandlers({ ...path, ...forwarding, roles: ["work"] });
  assertRoomToForward(forwarding, list);
  return { handlers: createHandlers([...list, ...(target ? [forward(target)] : [])], defaults), close };
}
