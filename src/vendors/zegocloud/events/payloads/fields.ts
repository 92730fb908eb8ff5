/** The schemas that many fields share. */
import { z } from "zod";
import { parseExact } from "../exact-json.ts";

/** Ids, times and codes: a number in one event and a text in the next. */
export const text = z.union([z.string(), z.number().transform(String)]);
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
/** JSON inside a text, as in two fields. A value that is not a text is accepted as it is. */
export const opened = z
  .unknown()
  .transform((value) => (typeof value === "string" ? (parseExact(value) ?? value) : value));

/** A list. In a form it comes as JSON, or as its only member. */
export const texts = opened
  .pipe(z.union([z.array(z.string()), z.string().transform((one) => [one])]).nullish())
  .optional();

/** An object. In a form it comes as JSON, or empty. */
export function part<S extends z.ZodRawShape>(shape: S) {
  return opened
    .transform((value) => (value === "" ? null : value))
    .pipe(z.looseObject(shape).nullish())
    .optional();
}

/** Field names are in lower case, whatever the event has. `timestamp` is the time of the call, not of the event. */
export const common = {
  event: text.nullish(),
  appid: text.nullish(),
  timestamp: text.nullish(),
  nonce: text.nullish(),
};
