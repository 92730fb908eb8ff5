/** Checks the queue's attributes: how long it hides and keeps messages. The promises depend on both. */
import type { VendorError } from "../../../core/errors.ts";
import { type Finding, findingOf } from "../../../core/finding.ts";
import type { Attributes } from "./answers.ts";
import { ACCESS_DENIED, MnsError } from "./error-codes.ts";

/** Never rejects: a failed check is a finding too. */
export async function checkQueue(
  look: () => Promise<Attributes>,
  queue: string,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const attributes = await look();
    const problems = [...visibilityFindings(attributes), ...retentionFindings(attributes)];
    const { visibilitySeconds, waiting } = attributes;
    const fact = `queue ${queue} hides a delivered message for ${visibilitySeconds} s; about ${waiting} are waiting`;
    return problems.length > 0 ? problems : [{ level: "ok", fact }];
  } catch (err) {
    return signal?.aborted ? [{ level: "warn", fact: "the check was cut short" }] : [findingOf(err, mayNotLook)];
  }
}

/** A long poll may take 8 s of the window, and a confirmation 5 s. */
const SHORT_S = 15;
/** If a process dies, its events come back only after this time. */
const LONG_S = 900;
const DAY_S = 86_400;

function visibilityFindings({ visibilitySeconds }: Attributes): Finding[] {
  const fix = "set VisibilityTimeout of the queue to 30 s in the console; longer handlers need no more";
  if (visibilitySeconds < SHORT_S) {
    const fact = `a delivered message is hidden for only ${visibilitySeconds} s, which is short for its confirmation`;
    return [{ level: "warn", fact, fix }];
  }
  if (visibilitySeconds <= LONG_S) return [];
  const fact = `a delivered message is hidden for ${visibilitySeconds} s: after a crash its event comes back only then`;
  return [{ level: "warn", fact, fix }];
}

function retentionFindings({ retentionSeconds }: Attributes): Finding[] {
  if (retentionSeconds >= DAY_S) return [];
  const fact = `the queue keeps messages for only ${Math.round(retentionSeconds / 60)} min: an outage that lasts longer loses events`;
  const fix = "set MessageRetentionPeriod of the queue to 4 days or more in the console";
  return [{ level: "warn", fact, fix }];
}

function mayNotLook(err: VendorError): boolean {
  return err instanceof MnsError && err.code === ACCESS_DENIED;
}
