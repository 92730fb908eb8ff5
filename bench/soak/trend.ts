/**
 * Decides whether a quantity grows, from samples that vary. The slope of the line is the median of all slopes between
 * two samples (Theil and Sen). A few wild samples do not bend it, nor does a single step, such as one more connection
 * in a pool. Steady growth does.
 */
import { spreadOf } from "../kit/numbers.ts";

export type Point = {
  /** The number of events, not the time. On a busy machine events do not come evenly. */
  readonly at: number;
  readonly value: number;
};

/** The growth over the whole time that is no leak. */
export type Allowance = {
  readonly absolute: number;
  /** Relative to the present amount. */
  readonly relative: number;
};

export type Trend = {
  /** The medians of the first and the last fifth of the samples. */
  readonly begin: number;
  readonly end: number;
  /** The growth of the line over the whole time. */
  readonly growth: number;
  /** The allowance plus the possible effect of noise. */
  readonly allowed: number;
  readonly grown: boolean;
};

/**
 * A line through n samples with a scatter of s is off by about s * sqrt(12 / n) from end to end. Three times that is no
 * accident.
 */
const BEYOND_ACCIDENT = 3;
/** Converts a median deviation into a standard deviation. */
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
