/** `npm run doctor`: everything outside the code that a worker depends on, each with what to do about it. */
import { pino } from "pino";
import { readGiven } from "../../settings/given.ts";
import { OWN_SETTINGS } from "../../config/settings.ts";
import { ConfigError } from "../../config/config-error.ts";
import { type Config, readConfig } from "../../config/config.ts";
import { commandLine } from "../../core/command-line.ts";
import type { Source } from "../../core/source.ts";
import { type Check, type Checked, runCheck, warning } from "./check.ts";
import { archiveCheck } from "./folder.ts";
import { forwardCheck } from "./forward.ts";
import { handlersCheck } from "./handlers.ts";
import { clockCheck, nodeCheck } from "./machine.ts";
import { httpChecks } from "./port.ts";
import { redisChecks } from "./redis.ts";
import { vendorChecks } from "./vendor.ts";
import { openSources } from "../../worker/doors.ts";
import { findingLines, heading, plural, print } from "../terminal.ts";
import { VERSION } from "../../worker/version.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Resolves with the exit code. */
export async function doctor(env: Env): Promise<number> {
  const { config, check } = readSettings(env);
  const sources = config ? await openSources(config, pino({ level: "silent" })) : [];
  const handlers = handlersCheck(readGiven(env, OWN_SETTINGS).texts["HANDLERS"], config);
  const checks = [nodeCheck(), ...(config ? outside(config, check, handlers, sources) : [check, handlers])];

  print(heading(`reliable-callback ${VERSION}: what it depends on`));
  const results = await report(checks);
  for (const source of sources) source.close();

  const levels = results.flatMap(({ findings }) => findings.map(({ level }) => level));
  const problems = levels.filter((level) => level === "error").length;
  const warnings = levels.filter((level) => level === "warn").length;
  const advice = config
    ? `Whether events can be pulled shows: ${commandLine("peek")}`
    : "The rest is checked once the configuration can be read.";
  print("", `${plural(problems, "problem")}, ${plural(warnings, "warning")}. ${advice}`);
  return results.some(({ misconfigured }) => misconfigured) ? 2 : problems > 0 ? 1 : 0;
}

/** Each mistake in the settings is one finding. Everything that can still be checked is checked. */
function readSettings(env: Env): { readonly config?: Config; readonly check: Check } {
  const about = { group: "Configuration", about: "the settings" };
  try {
    const config = readConfig(env);
    const fact = `the settings can be read; this process would do: ${config.roles.join(", ")}`;
    const run = async () => [{ level: "ok", fact } as const, ...config.notes.map(warning)];
    return { config, check: { ...about, run } };
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err;
    return { check: { ...about, run: () => Promise.reject(err) } };
  }
}

function outside(config: Config, settings: Check, handlers: Check, sources: readonly Source[]): readonly Check[] {
  return [
    ...config.vendors.flatMap(({ clock }) => (clock ? [clockCheck(clock)] : [])),
    settings,
    handlers,
    ...redisChecks(config),
    ...sources.flatMap(vendorChecks),
    ...(config.forward ? [forwardCheck(config.forward.url)] : []),
    ...(config.archive ? [archiveCheck(config.archive.dir)] : []),
    ...httpChecks(config),
  ];
}

/** All at once, printed in their order. */
async function report(checks: readonly Check[]): Promise<readonly Checked[]> {
  const running = checks.map((check) => ({ group: check.group, result: runCheck(check) }));
  const results: Checked[] = [];
  let last: string | undefined;
  for (const { group, result } of running) {
    const checked = await result;
    results.push(checked);
    if (checked.findings.length === 0) continue;
    if (group !== last) print("", heading(group));
    last = group;
    print(...checked.findings.flatMap(findingLines));
  }
  return results;
}
