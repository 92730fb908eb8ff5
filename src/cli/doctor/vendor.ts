import { VendorError } from "../../core/errors.ts";
import type { Source } from "../../core/source.ts";
import type { Check } from "./check.ts";

/**
 * Checks the settings at the vendor, and counts its events. Pulls nothing: a pull would hide events from the worker.
 */
export function vendorChecks(source: Source): readonly Check[] {
  const check = { group: source.name, about: `the settings of ${source.name}` };
  return [
    { ...check, run: (signal) => source.check(signal) },
    {
      ...check,
      about: `the number of events at ${source.name}`,
      async run(signal) {
        try {
          const count = await source.backlog?.(signal);
          const fact = `${count} to pull, by the vendor's own count, which is minutes old`;
          return count === undefined ? [] : [{ level: "ok", fact }];
        } catch (err) {
          // An unreachable vendor is only a warning, because a worker goes on asking. The check of the settings has
          // already reported every other reason.
          const outage = err instanceof VendorError && err.kind === "outage";
          return outage ? [{ level: "error", fact: err.message, ...(err.fix !== undefined && { fix: err.fix }) }] : [];
        }
      },
    },
  ];
}
