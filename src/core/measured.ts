import { VendorError } from "./errors.ts";
import type { Meter } from "./meter.ts";
import type { SourceTerms } from "./source.ts";

type Measured = { readonly source: SourceTerms; readonly meter: Meter };

/** Makes a call to a vendor, counted by its outcome and timed. */
export async function measured<T>(
  { source, meter }: Measured,
  action: "pull" | "confirm",
  call: () => Promise<T>,
  types?: Iterable<string>,
): Promise<T> {
  const started = performance.now();
  let outcome = "ok";
  try {
    return await call();
  } catch (err) {
    outcome = err instanceof VendorError ? err.kind : "error";
    throw err;
  } finally {
    meter.count("calls", { source: source.name, action, outcome });
    meter.observe(`${action}_ms`, { source: source.name }, performance.now() - started, types);
  }
}
