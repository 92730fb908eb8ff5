/** Values of options, as they stand on the command line. */
import { z } from "zod";

export const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .pipe(z.int().min(least, error).max(most, error));
};

/** Names with commas between them. */
export const someOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(names, { error: `must be of ${names.join(", ")}` })));
