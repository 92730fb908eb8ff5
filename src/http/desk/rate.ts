import type { Language } from "./texts/english.ts";

/** A rate in the form that people read. Undefined while it is unknown. */
export function rateOf(perMinute: number | undefined, { texts, amount }: Language): string {
  if (perMinute === undefined) return texts.unknown;
  const short = (rate: number) => amount(rate < 10 ? rate : Math.round(rate));
  return perMinute < 600 ? texts.perMinute(short(perMinute)) : texts.perSecond(short(perMinute / 60));
}
