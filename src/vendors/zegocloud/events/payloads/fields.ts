/** What fields of many events are made of. */
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
/** JSON inside a text, as two fields have it; one that the vendor sends as it is will do as well. */
export const opened = z
  .unknown()
  .transform((value) => (typeof value === "string" ? (parseExact(value) ?? value) : value));

/** A list; in a form it is the JSON of one, or its only member. */
export const texts = opened
  .pipe(z.union([z.array(z.string()), z.string().transform((one) => [one])]).nullish())
  .optional();

/** An object; in a form it is the JSON of one, or empty. */
export function part<S extends z.ZodRawShape>(shape: S) {
  return opened
    .transform((value) => (value === "" ? null : value))
    .pipe(z.looseObject(shape).nullish())
    .optional();
}

/** In lower case whatever the event has; `timestamp` is when the call was made, not when the event happened. */
export const common = {
  event: text.nullish(),
  appid: text.nullish(),
  timestamp: text.nullish(),
  nonce: text.nullish(),
};
