/** Numbers, ages and times as people of a language write them. */
export type Format = {
  /** The value of `lang` in `<html lang>`. */
  readonly tag: string;
  readonly number: (value: number) => string;
  /** 0.123 is 12 %. */
  readonly percent: (share: number) => string;
  /** A rate, or another number whose tenths matter while it is small. */
  readonly amount: (value: number) => string;
  /** The largest unit and the next one, such as `3h 20m`. */
  readonly duration: (ms: number) => string;
  /** Date and time in UTC, as in the log. */
  readonly time: (at: number) => string;
  readonly clock: (at: number) => string;
};

const UNITS = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

const CLOCK = {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
} as const;

/**
 * Created on first use. The tables of a language cost some ten milliseconds at the start, and most workers show no
 * page.
 */
export function createFormat(tag: string, between: string): Format {
  const numbers = once(() => ({
    whole: new Intl.NumberFormat(tag),
    tenths: new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }),
    share: new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 }),
  }));
  const units = once(
    () =>
      new Map(
        [...UNITS.map(({ unit }) => unit), "millisecond"].map((unit) => [
          unit,
          new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "narrow" }),
        ]),
      ),
  );
  const date = once(() => new Intl.DateTimeFormat(tag, { ...CLOCK, month: "short", day: "numeric" }));
  const clock = once(() => new Intl.DateTimeFormat(tag, CLOCK));
  const of = (unit: string, value: number) => units().get(unit)?.format(value) ?? String(value);

  return {
    tag,
    number: (value) => numbers().whole.format(value),
    percent: (value) => numbers().share.format(value),
    amount: (value) => numbers()[value < 10 ? "tenths" : "whole"].format(value),
    duration,
    time: (at) => `${date().format(at)} UTC`,
    clock: (at) => `${clock().format(at)} UTC`,
  };

  function duration(ms: number): string {
    if (ms > 0 && ms < 1_000) return of("millisecond", Math.round(ms));
    const first = UNITS.findIndex((unit) => ms >= unit.ms);
    const largest = UNITS[first];
    if (!largest) return of("second", 0);
    const next = UNITS[first + 1];
    const rest = next ? Math.floor((ms % largest.ms) / next.ms) : 0;
    const parts = [of(largest.unit, Math.floor(ms / largest.ms))];
    if (next && rest > 0) parts.push(of(next.unit, rest));
    return parts.join(between);
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
