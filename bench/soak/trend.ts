/**
 * Whether a quantity grows, told from samples that jump about.
 *
 * The line through them is the one whose slope is the median of all slopes between two samples (Theil and Sen): neither a
 * few wild samples nor a single step, such as a pool that opens one more connection, bend it; what goes on growing does.
 */
import { spreadOf } from "../kit/numbers.ts";

export type Point = {
  /** Of events, not of time: on a busy machine they do not come evenly. */
  readonly at: number;
  readonly value: number;
};

/** What may come on top in the whole time without being a leak. */
export type Allowance = {
  readonly absolute: number;
  /** Of what there is. */
  readonly relative: number;
};

export type Trend = {
  /** Medians of the first and the last fifth of the samples. */
  readonly begin: number;
  readonly end: number;
  /** By the line, over the whole time. */
  readonly growth: number;
  /** The allowance, and what the noise alone could make up. */
  readonly allowed: number;
  readonly grown: boolean;
};

/** A line through n samples with a scatter of s is off by about s * sqrt(12 / n) from one end to the other; three times that is no accident. */
const BEYOND_ACCIDENT = 3;
/** Turns a median deviation into the standard one. */
const MEDIAN_TO_STANDARD = 1.4826;

export function trendOf(points: readonly Point[], { absolute, relative }: Allowance): Trend {
  const values = points.map(({ value }) => value);
  const [level, middle] = [median(values), median(points.map(({ at }) => at))];
  const slope = median(slopesOf(points)) || 0;
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const scatter =
    MEDIAN_TO_STANDARD * median(points.map(({ at, value }) => Math.abs(value - level - slope * (at - middle))));
  const growth = slope * span;
  const noise = BEYOND_ACCIDENT * scatter * Math.sqrt(12 / points.length);
  const allowed = absolute + relative * Math.abs(level) + noise;
  const fifth = Math.ceil(values.length / 5);
  return {
    begin: median(values.slice(0, fifth)),
    end: median(values.slice(-fifth)),
    growth,
    allowed,
    grown: growth > allowed,
  };
}

function slopesOf(points: readonly Point[]): number[] {
  return points.flatMap((from) =>
    points.filter(({ at }) => at > from.at).map((to) => (to.value - from.value) / (to.at - from.at)),
  );
}

function median(values: readonly number[]): number {
  return spreadOf(values).median;
}
