/** Parsers for option values on the command line. */
import { z } from "zod";

const MOST_MINUTES = 10_080;

export const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .pipe(z.int().min(least, error).max(most, error));
};

/** At most a week. */
export const minutes = () =>
  z
    .string()
    .regex(/^\d{1,5}(\.\d{1,3})?$/, `must be a number from 0.1 to ${MOST_MINUTES}`)
    .transform(Number)
    .pipe(z.number().min(0.1, "must be 0.1 or more").max(MOST_MINUTES, `must be ${MOST_MINUTES} or less`));

/** Names separated by commas. */
export const someOf = <const Names extends readonly string[]>(names: Names) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(names, { error: `must be of ${names.join(", ")}` })));
