import { VendorError } from "./errors.ts";
import { messageOf } from "./failure.ts";
import { groupOf } from "./failure-group.ts";

/** Why calls to a vendor fail at the moment. */
export type Trouble = { readonly message: string; readonly fix?: string; readonly since: Date };

/** Trouble that goes on, even if it changes its face, keeps its beginning. */
export function troubleOf(err: unknown, before: Trouble | undefined): Trouble {
  const message = messageOf(err);
  if (before && isSame(before.message, message)) return before;
  const fix = err instanceof VendorError && err.fix ? { fix: err.fix } : {};
  return { message, ...fix, since: before?.since ?? new Date() };
}

/** Vendors put their clock's time and their counts into messages: these differ at each try. */
export function isSame(message: string, other: string): boolean {
  return groupOf(message) === groupOf(other);
}

/** Trying again does not mend it. */
export function needsPerson(err: unknown): boolean {
  return err instanceof VendorError && (err.kind === "configuration" || err.kind === "clock");
}
