/** The life of one event, and the actions that a person may take on it. */
import { html } from "hono/html";
import type { EventWithLife } from "../../desk/contract.ts";
import { eventActions, isOpen } from "./event-actions.ts";
import { linesSection, stackPart, stepsSection, waitsFor } from "./event-parts.ts";
import { eventsTable, nameOf } from "./events-table.ts";
import { type Html, page, type Shared } from "./layout.ts";
import { lifeList } from "./life-list.ts";
import type { Language } from "./texts/english.ts";

type EventPageOptions = Shared & {
  readonly event: EventWithLife;
  /** Its page in bull-board. */
  readonly board: string;
};

/** Keeps the page readable and the browser responsive. `/api/events/ID` has the whole body. */
const MAX_BODY = 200_000;

export function eventPage({ event, board, ...shared }: EventPageOptions): Html {
  const { language, now } = shared;
  const { texts } = language;
  const { id, type, state, error, body } = event;
  const title = nameOf(event, texts);
  const main = html`<div class="headline">
      <h1>${type}</h1>
      <span class="state ${state}">${texts.states[state]}</span>
    </div>
    ${error === undefined ? "" : html`<p class="error ${state === "parked" ? "not-ready" : ""}">${error}</p>`}
    ${stackPart(event, language)} ${isOpen(state) ? eventActions({ id, state, name: title }, language) : ""}
    ${facts(event, language, now)}
    <section aria-labelledby="life-title">
      <h2 id="life-title">${texts.life}</h2>
      ${lifeList(event.life, language, now)}
    </section>
    ${stepsSection(event, language, now)} ${linesSection(event, language)}
    <section aria-labelledby="body-title">
      <h2 id="body-title">${texts.body}</h2>
      ${body === undefined ? html`<p>${texts.bodyGone}</p>` : bodyText(body, id, texts)}
    </section>
    ${neighboursOf(event, language, now)}
    <p class="quiet">
      <a href="${board}">${texts.inDashboard}</a> · <a href="/api/events/${encodeURIComponent(id)}">JSON</a>
    </p>`;
  return page({ ...shared, title, main });
}

function facts(event: EventWithLife, language: Language, now: number): Html {
  const { texts, time, number, duration } = language;
  const { id, source, door, subjects, firstSeen, lastDelivery, deliveries, attempts, worker } = event;
  const { parkedAt, handledAt, confirmedAt, expiresAt, receiptUntil } = event;
  const at = (when: string) =>
    html`<time datetime="${when}">${time(Date.parse(when))}</time>
      <span class="quiet">${texts.ago(now - Date.parse(when))}</span>`;
  const left = (until: string | undefined) => {
    if (until === undefined) return undefined;
    const leftMs = Date.parse(until) - now;
    return leftMs > 0 ? duration(leftMs) : texts.over;
  };
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    [texts.waitsFor, waitsFor(event, language, now)],
    [texts.timeLeft, left(expiresAt)],
    [texts.receiptLeft, left(receiptUntil)],
    [
      texts.subjects,
      subjects.length === 0
        ? undefined
        : html`${subjects.map((subject) => html`<a href="/events?search=${encodeURIComponent(`"${subject}"`)}">${subject}</a> `)}`,
    ],
    [texts.firstSeen, at(firstSeen)],
    [texts.lastDelivery, lastDelivery === undefined ? undefined : at(lastDelivery)],
    [texts.deliveries, number(deliveries)],
    [texts.attempts, number(attempts)],
    [texts.worker, worker],
    [texts.parkedAt, parkedAt === undefined ? undefined : at(parkedAt)],
    [texts.handledAt, handledAt === undefined ? undefined : at(handledAt)],
    [texts.confirmedAt, confirmedAt === undefined ? undefined : at(confirmedAt)],
    [texts.source, `${source} (${texts.doorKinds[door]})`],
    [texts.id, html`<code>${id}</code>`],
  ];
  return html`<dl class="facts wide">
    ${rows.map(([name, value]) =>
      value === undefined
        ? ""
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;
}

function bodyText(body: Readonly<Record<string, unknown>>, id: string, texts: Language["texts"]): Html {
  const text = JSON.stringify(body, undefined, 2);
  return html`<pre class="body" id="body" tabindex="0" aria-labelledby="body-title">${text.slice(0, MAX_BODY)}</pre>
    ${text.length > MAX_BODY ? html`<p class="quiet"><a href="/api/events/${encodeURIComponent(id)}">${texts.bodyCut}</a></p>` : ""}
    <button type="button" data-copy="body" data-copied="${texts.copied}" hidden>${texts.copy}</button>`;
}

function neighboursOf({ neighbours, areAllNeighbours }: EventWithLife, language: Language, now: number): Html | string {
  const { texts } = language;
  if (!neighbours) return "";
  return html`<section aria-labelledby="neighbours-title">
    <h2 id="neighbours-title">${texts.neighbours}</h2>
    ${neighbours.length === 0 ? html`<p>${texts.noNeighbours}</p>` : eventsTable(texts.neighbours, neighbours, language, now)}
    ${areAllNeighbours === false ? html`<p class="quiet">${texts.moreNeighbours}</p>` : ""}
  </section>`;
}

export function noEventPage(shared: Shared): Html {
  const { texts } = shared.language;
  const main = html`<h1>${texts.noEvent}</h1>
    <p>${texts.noEventWhy}</p>`;
  return page({ ...shared, title: texts.noEvent, main });
}
