import { ConfigError } from "../../config/config-error.ts";
import { messageOf } from "../../core/failure.ts";
import type { Finding } from "../../core/finding.ts";

/** One look at something outside the code. Rejecting is a finding too: its message reads "fact; fix". */
export type Check = {
  readonly group: string;
  /** The name of the thing that is checked. It is shown if the check gives no answer. */
  readonly about: string;
  run(signal: AbortSignal): Promise<readonly Finding[]>;
};

export type Checked = {
  readonly findings: readonly Finding[];
  /** True if a setting is wrong. False if the thing that it names is wrong. */
  readonly misconfigured: boolean;
};

/** A vendor has 5 s to answer. A little more lets its own error message arrive. */
export const MOST_MS = 5_500;

/** Never rejects, and never takes longer than `mostMs`. One bad check must not hide the others. */
export async function runCheck(check: Check, mostMs = MOST_MS): Promise<Checked> {
  const controller = new AbortController();
  const late = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(() => {
    controller.abort();
    late.resolve([{ level: "error", fact: `${check.about}: no answer within ${mostMs / 1000} s` }]);
  }, mostMs);
  try {
    return { findings: await Promise.race([check.run(controller.signal), late.promise]), misconfigured: false };
  } catch (err) {
    const misconfigured = err instanceof ConfigError;
    return {
      findings: misconfigured
        ? err.mistakes.map(problem)
        : [problem(err instanceof Error ? err.message : messageOf(err))],
      misconfigured,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Our own messages say the fact, a semicolon, and what to do. */
export function problem(message: string): Finding {
  return { level: "error", ...split(message) };
}

export function warning(message: string): Finding {
  return { level: "warn", ...split(message) };
}

function split(message: string): Pick<Finding, "fact" | "fix"> {
  const at = message.includes("\n") ? -1 : message.indexOf("; ");
  return at < 0 ? { fact: message } : { fact: message.slice(0, at), fix: message.slice(at + 2) };
}
