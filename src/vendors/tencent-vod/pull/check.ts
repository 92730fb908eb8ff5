/** Checks an application's event settings. Most reasons for missing events are there. */
import { z } from "zod";
import type { VendorError } from "../../../core/errors.ts";
import { type Finding, findingOf } from "../../../core/finding.ts";
import type { VodClient, VodParams } from "./client.ts";
import { isPermission, VodError } from "./error-codes.ts";

export const EventsState = z.object({ CountOfEventsToPull: z.number() });

const EventConfig = z.object({
  Mode: z.string().nullish(),
  UploadMediaCompleteEventSwitch: z.string().nullish(),
  DeleteMediaCompleteEventSwitch: z.string().nullish(),
  PersistenceCompleteEventSwitch: z.string().nullish(),
});

/** These types are off by default. All other types are always reported. */
const SWITCHES = [
  ["UploadMediaCompleteEventSwitch", "NewFileUpload"],
  ["DeleteMediaCompleteEventSwitch", "FileDeleted"],
  ["PersistenceCompleteEventSwitch", "PersistenceComplete"],
] as const;

/** Never rejects: a failed check is a finding too. */
export async function checkAccount(
  request: VodClient["request"],
  application: VodParams,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const config = await request("DescribeEventConfig", application, EventConfig, signal);
    const problems = [...modeFindings(config.Mode ?? ""), ...switchFindings(config)];
    problems.push(...(await backlogFindings(request, application, signal)));
    return problems.length > 0
      ? problems
      : [{ level: "ok", fact: "events are set to be pulled, and none is switched off" }];
  } catch (err) {
    return signal?.aborted ? [{ level: "warn", fact: "the check was cut short" }] : [findingOf(err, mayNotLook)];
  }
}

function modeFindings(mode: string): Finding[] {
  if (mode === "PULL") return [];
  const fix =
    "in the VOD console choose the application, Callback Settings, reliable callback; or call ModifyEventConfig with Mode PULL";
  if (mode !== "PUSH") return [{ level: "error", fact: `events are not set to be pulled (Mode "${mode}")`, fix }];
  return [{ level: "error", fact: "events are pushed to a URL (Mode PUSH), so that there is nothing to pull", fix }];
}

function switchFindings(config: z.infer<typeof EventConfig>): Finding[] {
  return SWITCHES.filter(([name]) => config[name] === "OFF").map(([name, type]) => ({
    level: "warn",
    fact: `${type} events will never come: ${name} is OFF`,
    fix: `if you want them, switch them on in the VOD console, Callback Settings, or call ModifyEventConfig with ${name} ON`,
  }));
}

/** Called only to see whether the permission is there. */
async function backlogFindings(
  request: VodClient["request"],
  application: VodParams,
  signal?: AbortSignal,
): Promise<Finding[]> {
  try {
    await request("DescribeEventsState", application, EventsState, signal);
    return [];
  } catch (err) {
    signal?.throwIfAborted();
    const { fact, fix } = findingOf(err, mayNotLook);
    return [
      { level: "warn", fact: `how many events wait cannot be told: ${fact}`, ...(fix === undefined ? {} : { fix }) },
    ];
  }
}

function mayNotLook(err: VendorError): boolean {
  return err instanceof VodError && isPermission(err.code);
}
