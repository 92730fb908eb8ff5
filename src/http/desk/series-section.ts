/** Events over time: how many came in, were handled, failed, were parked and confirmed, by step and by type. */
import { html } from "hono/html";
import { type Series, SERIES_COUNTS, SERIES_RANGES, type Spreads } from "../../desk/contract.ts";
import type { Html } from "./layout.ts";
import { rateOf } from "./rate.ts";
import { dataTable } from "./table.ts";
import type { Language } from "./texts/english.ts";

const HEIGHT = 40;
const STEP = 4;

export type SeriesSection = {
  readonly range: Series["range"];
  /** Missing while it cannot be read. */
  readonly series: Series | undefined;
  readonly language: Language;
};

export function seriesSection({ range, series, language }: SeriesSection): Html {
  const { texts } = language;
  return html`<section id="series" aria-labelledby="series-title">
    <h2 id="series-title">${texts.series}</h2>
    <div class="ranges" role="group" aria-label="${texts.ranges}">
      ${SERIES_RANGES.map(
        (one) =>
          html`<a href="/?range=${one}#series" ${one === range ? html`aria-current="true"` : ""}
            >${texts.range[one]}</a
          >`,
      )}
    </div>
    ${
      series
        ? html`${curves(series, language)} ${typesTable(series, language)} ${sourcesTable(series, language)}
            <p class="quiet">${texts.spreadsHint}</p>`
        : html`<p class="bad">${texts.unreadable}</p>`
    }
  </section>`;
}

function curves({ points }: Series, { texts, number }: Language): Html {
  return html`<div class="curves">
    ${SERIES_COUNTS.map((count) => {
      const values = points.map((point) => point[count]);
      const total = values.reduce((sum, value) => sum + value, 0);
      return html`<figure class="curve">
        <figcaption>${texts.counted[count]} <b>${number(total)}</b></figcaption>
        ${bars(values, texts.most(number(Math.max(0, ...values))))}
      </figure>`;
    })}
  </div>`;
}

/** One bar for each step. The highest one sets the scale. */
function bars(values: readonly number[], label: string): Html {
  const highest = Math.max(1, ...values);
  return html`<svg
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${Math.max(1, values.length) * STEP} ${HEIGHT}"
    preserveAspectRatio="none"
  >
    ${values.map((value, index) => {
      const height = Math.round((value / highest) * HEIGHT);
      return height === 0
        ? ""
        : html`<rect x="${index * STEP}" y="${HEIGHT - height}" width="${STEP - 1}" height="${height}" />`;
    })}
  </svg>`;
}

function typesTable({ types }: Series, language: Language): Html | string {
  if (types.length === 0) return "";
  const { texts, number } = language;
  return dataTable({
    caption: texts.byType,
    columns: [
      { label: texts.type, isWide: true },
      { label: texts.handledRate, isNumber: true },
      { label: texts.counted.handled, isNumber: true },
      { label: texts.failedShare, isNumber: true },
      { label: texts.counted.parked, isNumber: true },
      ...spreadColumns(language),
    ],
    rows: types.map((row) => ({
      id: `type-${row.type}`,
      cells: [
        html`<b>${row.type}</b>`,
        rateOf(row.handledPerMinute, language),
        number(row.handled),
        failedShare(row, language),
        number(row.parked),
        ...spreadCells(row, language),
      ],
    })),
  });
}

function sourcesTable({ sources }: Series, language: Language): Html | string {
  if (sources.length === 0) return "";
  const { texts, number } = language;
  return dataTable({
    caption: texts.bySource,
    columns: [
      { label: texts.source, isWide: true },
      { label: texts.counted.in, isNumber: true },
      { label: texts.counted.handled, isNumber: true },
      { label: texts.failedShare, isNumber: true },
      { label: texts.counted.confirmed, isNumber: true },
      ...spreadColumns(language),
    ],
    rows: sources.map((row) => ({
      id: `series-${row.source}`,
      cells: [
        html`<b>${row.source}</b>`,
        number(row.in),
        number(row.handled),
        failedShare(row, language),
        number(row.confirmed),
        ...spreadCells(row, language),
      ],
    })),
  });
}

const SPREADS = ["queueMs", "handlerMs", "lingerMs", "confirmMs", "windowUsed"] as const;

function spreadColumns({ texts }: Language) {
  return SPREADS.map((name) => ({ label: texts.spreads[name], isNumber: true }));
}

function spreadCells(row: Spreads, { texts, amount, percent }: Language): readonly string[] {
  const short = (ms: number) => (ms < 1_000 ? `${amount(ms)} ms` : `${amount(ms / 1_000)} s`);
  return SPREADS.map((name) => {
    const { [name]: spread } = row;
    const say = name === "windowUsed" ? percent : short;
    return spread ? `${say(spread.p50)} / ${say(spread.p95)}` : texts.none;
  });
}

function failedShare({ handled, failed }: { readonly handled: number; readonly failed: number }, language: Language) {
  const { percent } = language;
  return failed === 0 ? percent(0) : html`<span class="bad">${percent(failed / Math.max(1, handled + failed))}</span>`;
}
