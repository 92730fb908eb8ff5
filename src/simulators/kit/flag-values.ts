/** Values that the command lines of several simulators take. */
import { z } from "zod";

export const Whole = z
  .string()
  .regex(/^\d{1,12}$/, "must be a whole number")
  .transform(Number);

export const Amount = z
  .string()
  .regex(/^\d{1,6}(\.\d+)?$/, "must be a number")
  .transform(Number);

export const Port = Whole.pipe(z.int().max(65_535));

export const HttpUrl = z.url({
  protocol: /^https?$/,
  error: "must be an address that begins with http:// or https://",
});

export const Names = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

export const QueueNames = z
  .string()
  .regex(/^[\w-]+(,[\w-]+)*$/, "must be names of letters, digits and hyphens, with commas between them")
  .transform((text) => text.split(","));

/** A comma list of these values. `word` names one value in messages. */
export function someOf(names: readonly string[], word: string) {
  const Known = z.enum(names, { error: ({ input }) => `there is no ${word} ${String(input)}` });
  return Names.pipe(z.array(Known).min(1));
}
