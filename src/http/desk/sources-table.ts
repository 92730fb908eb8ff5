import { html } from "hono/html";
import type { CallbackStatus, SourceStatus } from "../probes/status-contract.ts";
import type { Html } from "./layout.ts";
import { dataTable, type Row } from "./table.ts";
import type { Language } from "./texts/english.ts";

type Doors = {
  readonly sources: readonly SourceStatus[];
  readonly callbacks: CallbackStatus | undefined;
  readonly language: Language;
  readonly now: number;
};

export function sourcesTable({ sources, callbacks, language, now }: Doors): Html {
  const { texts } = language;
  const rows = [
    ...sources.map((source) => sourceRow(source, language, now)),
    ...(callbacks && callbacks.maxWaiting > 0 ? [callbacksRow(callbacks, language)] : []),
  ];
  if (rows.length === 0) return html`<p class="quiet">${texts.noSources}</p>`;
  return dataTable({
    caption: texts.doors,
    columns: [
      { label: texts.source, isWide: true },
      { label: texts.lastPull },
      { label: texts.unconfirmed, isNumber: true },
      { label: texts.handledCount, isNumber: true },
      { label: texts.backlog, isNumber: true },
      { label: texts.oldest, isWide: true },
    ],
    rows,
  });
}

function sourceRow(source: SourceStatus, { texts, ...format }: Language, now: number): Row {
  const { name, lastPullAt, trouble, forgotten = 0, retentionMs } = source;
  const count = (value: number | undefined) => (value === undefined ? texts.unknown : format.number(value));
  const wrong = source.findings.filter(({ level }) => level !== "ok");
  return {
    id: `source-${name}`,
    cells: [
      html`<b>${name}</b>`,
      lastPullAt === undefined ? texts.never : texts.ago(now - Date.parse(lastPullAt)),
      count(source.unconfirmed),
      count(source.handled),
      count(source.backlog),
      retention(source, texts),
    ],
    notes: [
      ...(trouble
        ? [remark("error", `${trouble.message} (${texts.lastsFor(now - Date.parse(trouble.since))})`, trouble.fix)]
        : []),
      ...(forgotten > 0 ? [remark("warn", texts.forgotten(forgotten, retentionMs), texts.forgottenFix)] : []),
      ...wrong.map(({ level, fact, fix }) => remark(level, fact, fix)),
    ],
  };
}

function callbacksRow({ waiting, maxWaiting }: CallbackStatus, { texts, number }: Language): Row {
  return {
    id: "callbacks",
    cells: [html`<b>${texts.callbacks}</b>`, "", "", "", "", texts.callbacksWait(number(waiting), number(maxWaiting))],
  };
}

function remark(level: string, fact: string, fix: string | undefined): Html {
  return html`<p class="remark ${level}">${fact}${fix === undefined ? "" : html` <b>${fix}</b>`}</p>`;
}

function retention({ oldestUnconfirmedMs, unconfirmed, retentionMs, name }: SourceStatus, texts: Language["texts"]) {
  if (oldestUnconfirmedMs === undefined) return unconfirmed === 0 ? texts.none : texts.unknown;
  const left = texts.left(Math.max(0, retentionMs - oldestUnconfirmedMs), oldestUnconfirmedMs);
  return html`<meter
      aria-label="${name}: ${texts.oldest}"
      min="0"
      max="${retentionMs}"
      low="${retentionMs / 4}"
      high="${retentionMs / 2}"
      optimum="0"
      value="${oldestUnconfirmedMs}"
    ></meter>
    ${left}`;
}
