/** Settings of simulated accounts. They can be changed while an account runs. */
import { z } from "zod";

/** The longest timer of Node. No sensible value comes near it. */
export const Milliseconds = z.number().min(0).max(2_147_483_647);

/** Undefined members count as missing. */
export type Optional<S> = { readonly [K in keyof S]?: S[K] | undefined };

/** Throws when a value is out of its range, naming it. */
export function withChanges<S extends object>(schema: z.ZodType<S>, settings: S, changes: Optional<S>): S {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const read = schema.safeParse({ ...settings, ...Object.fromEntries(given) });
  if (!read.success) throw new RangeError(`simulator settings: ${z.prettifyError(read.error)}`);
  return read.data;
}
