/** The doors for events: sources that are pulled, and receivers of callbacks. */
import { html } from "hono/html";
import type { Series } from "../../desk/contract.ts";
import type { ReceiverCounts } from "../../desk/receivers.ts";
import type { CallbackStatus, SourceStatus } from "../probes/status-contract.ts";
import type { Html } from "./layout.ts";
import { rateOf } from "./rate.ts";
import { dataTable, type Row } from "./table.ts";
import type { Language } from "./texts/english.ts";

export type Doors = {
  readonly sources: readonly SourceStatus[];
  readonly callbacks: CallbackStatus | undefined;
  /** The last minutes. These two are missing while they cannot be read. */
  readonly recent: Series | undefined;
  readonly called: readonly ReceiverCounts[] | undefined;
  readonly language: Language;
  readonly now: number;
};

export function doorsTable({ sources, callbacks, recent, called = [], language, now }: Doors): Html {
  const { texts } = language;
  const pushed = called.map((receiver) => receiverRow(receiver, recent, language, now));
  const rows = [...sources.map((source) => sourceRow(source, recent, language, now)), ...pushed];
  if (rows.length === 0) return html`<p class="quiet">${texts.noSources}</p>`;
  return html`${dataTable({
    caption: texts.doors,
    columns: [
      { label: texts.source, isWide: true },
      { label: texts.inRate, isNumber: true },
      { label: texts.confirmedRate, isNumber: true },
      { label: texts.lastEvent },
      { label: texts.backlog, isNumber: true },
      { label: texts.open, isNumber: true },
      { label: texts.oldest, isWide: true },
    ],
    rows,
  })}
  ${callbacks && pushed.length > 0 ? html`<p class="quiet">${callbacksLine(callbacks, language)}</p>` : ""}`;
}

function sourceRow(source: SourceStatus, recent: Series | undefined, language: Language, now: number): Row {
  const { name, lastPullAt, trouble, forgotten = 0, retentionMs, handled = 0 } = source;
  const { texts, ...format } = language;
  const count = (value: number | undefined) => (value === undefined ? texts.unknown : format.number(value));
  const wrong = source.findings.filter(({ level }) => level !== "ok");
  const { inPerMinute = 0, confirmedPerMinute = 0, lastEventAt } = known(recent?.sources, name);
  const pulled = lastPullAt === undefined ? texts.never : texts.ago(now - Date.parse(lastPullAt));
  const due = handled > 0 ? ` · ${texts.handledCount(handled)}` : "";
  return {
    id: `source-${name}`,
    cells: [
      html`<b>${name}</b><br /><span class="quiet">${texts.lastPull} ${pulled}${due}</span>`,
      rateOf(recent && inPerMinute, language),
      rateOf(recent && confirmedPerMinute, language),
      lastOf(recent, lastEventAt, language, now),
      count(source.backlog),
      count(source.unconfirmed),
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

function receiverRow(receiver: ReceiverCounts, recent: Series | undefined, language: Language, now: number): Row {
  const { source, open, oldestAt } = receiver;
  const { texts, duration, number } = language;
  const { inPerMinute = 0, answeredPerMinute = 0, lastEventAt } = known(recent?.receivers, source);
  return {
    id: `receiver-${source}`,
    cells: [
      html`<b>${source}</b><br /><span class="quiet">${texts.callbacks}</span>`,
      rateOf(recent && inPerMinute, language),
      rateOf(recent && answeredPerMinute, language),
      lastOf(recent, lastEventAt, language, now),
      "",
      number(open),
      oldestAt === undefined ? texts.none : texts.oldestPushed(duration(now - Date.parse(oldestAt))),
    ],
  };
}

function known<T extends { readonly source: string }>(rows: readonly T[] = [], source: string): Partial<T> {
  return rows.find((row) => row.source === source) ?? {};
}

function lastOf(recent: Series | undefined, at: string | undefined, { texts }: Language, now: number): Html | string {
  if (at === undefined) return recent ? texts.never : texts.unknown;
  return html`<time datetime="${at}" title="${at}">${texts.ago(Math.max(0, now - Date.parse(at)))}</time>`;
}

function callbacksLine({ waiting, maxWaiting }: CallbackStatus, { texts, number }: Language): string {
  return texts.callbacksWait(number(waiting), number(maxWaiting));
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
