import { VendorError } from "../../core/errors.ts";
import type { Source } from "../../core/source.ts";
import type { Check } from "./check.ts";

/** What the vendor says of its settings, and how many events it holds. Pulls nothing: that would hide them from a worker. */
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
          // A vendor out of reach is only a warning to a worker that goes on asking. Every other reason the check of the
          // settings has found too.
          const outage = err instanceof VendorError && err.kind === "outage";
          return outage ? [{ level: "error", fact: err.message, ...(err.fix !== undefined && { fix: err.fix }) }] : [];
        }
      },
    },
  ];
}
