/** One measurement of the bench. It gives figures for comparison with later runs, and a report for people. */
import type { Options } from "../options.ts";

export type Figure = {
  readonly better: "higher" | "lower";
  /** One value for each run. */
  readonly values: readonly number[];
};

/** Figures by name. The names stay the same from run to run. */
export type Figures = Readonly<Record<string, Figure>>;

export type Found = readonly [name: string, better: Figure["better"], values: readonly number[]];

export type Section = { readonly title: string; readonly table: string };

export type Terms = {
  readonly options: Options;
  /** Runs one measurement. It prints the name, and ends the measurement if it takes far too long. */
  readonly step: <T>(name: string, measure: (signal: AbortSignal) => Promise<T>) => Promise<T>;
};

export type Row = (terms: Terms) => Promise<{
  /** All measured numbers. */
  readonly result: unknown;
  readonly figures: readonly Found[];
  readonly sections: readonly Section[];
}>;

export function createRow<R>(row: {
  readonly measure: (terms: Terms) => Promise<R>;
  readonly figures: (result: R, options: Options) => readonly Found[];
  readonly sections: (result: R, options: Options) => readonly Section[];
}): Row {
  return async (terms) => {
    const result = await row.measure(terms);
    return { result, figures: row.figures(result, terms.options), sections: row.sections(result, terms.options) };
  };
}
