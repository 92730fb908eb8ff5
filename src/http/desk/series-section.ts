/** How things went: what came in, was handled, failed, was parked and confirmed, in steps of time and by type. */
import { html } from "hono/html";
import { type Series, SERIES_COUNTS, SERIES_RANGES } from "../../desk/contract.ts";
import type { Html } from "./layout.ts";
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
    ${series ? html`${curves(series, language)} ${typesTable(series, language)} ${callsTable(series, language)}` : html`<p class="bad">${texts.unreadable}</p>`}
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

/** One bar for each step, against the highest of them. */
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
  const { texts, number, percent } = language;
  return dataTable({
    caption: texts.byType,
    columns: [
      { label: texts.type, isWide: true },
      { label: texts.counted.handled, isNumber: true },
      { label: texts.failedShare, isNumber: true },
      { label: texts.counted.parked, isNumber: true },
      { label: texts.handlerTakes, isNumber: true },
    ],
    rows: types.map(({ type, handled, failed, parked, handlerMs }) => ({
      id: `type-${type}`,
      cells: [
        html`<b>${type}</b>`,
        number(handled),
        failed === 0 ? percent(0) : html`<span class="bad">${percent(failed / Math.max(1, handled + failed))}</span>`,
        number(parked),
        spread(handlerMs, language),
      ],
    })),
  });
}

function callsTable({ sources }: Series, language: Language): Html | string {
  if (sources.length === 0) return "";
  const { texts, number } = language;
  return dataTable({
    caption: texts.bySource,
    columns: [
      { label: texts.source, isWide: true },
      { label: texts.counted.in, isNumber: true },
      { label: texts.counted.confirmed, isNumber: true },
      { label: texts.confirmTakes, isNumber: true },
    ],
    rows: sources.map(({ source, in: came, confirmed, confirmMs }) => ({
      id: `calls-${source}`,
      cells: [html`<b>${source}</b>`, number(came), number(confirmed), spread(confirmMs, language)],
    })),
  });
}

function spread(times: { readonly p50: number; readonly p95: number } | undefined, language: Language): string {
  const { texts, amount } = language;
  const short = (ms: number) => (ms < 1_000 ? `${amount(ms)} ms` : `${amount(ms / 1_000)} s`);
  return times ? `${short(times.p50)} / ${short(times.p95)}` : texts.none;
}
