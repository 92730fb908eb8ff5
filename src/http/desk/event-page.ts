/** The life of one event, and what a person may do about it. */
import { html } from "hono/html";
import type { DeskEvent, EventWithLife } from "../../desk/contract.ts";
import { eventActions, isOpen } from "./event-actions.ts";
import { eventsTable, nameOf } from "./events-table.ts";
import { type Html, page, type Shared } from "./layout.ts";
import { lifeList } from "./life-list.ts";
import type { Language } from "./texts/english.ts";

type EventPageOptions = Shared & {
  readonly event: EventWithLife;
  /** Other events of the same subjects. Missing if they were not found in time. */
  readonly neighbours: readonly DeskEvent[] | undefined;
  /** Its page in bull-board. */
  readonly board: string;
};

/** A page stays readable, and a browser alive; the whole of it is on `/api/events/ID`. */
const MAX_BODY = 200_000;

export function eventPage({ event, neighbours, board, ...shared }: EventPageOptions): Html {
  const { language, now } = shared;
  const { texts } = language;
  const { id, type, state, error, subjects, body } = event;
  const title = nameOf(event, texts);
  const main = html`<div class="headline">
      <h1>${type}</h1>
      <span class="state ${state}">${texts.states[state]}</span>
    </div>
    ${error === undefined ? "" : html`<p class="error ${state === "parked" ? "not-ready" : ""}">${error}</p>`}
    ${isOpen(state) ? eventActions({ id, state, name: title }, language) : ""} ${facts(event, language, now)}
    <section aria-labelledby="life-title">
      <h2 id="life-title">${texts.life}</h2>
      ${lifeList(event.life, language, now)}
    </section>
    <section aria-labelledby="body-title">
      <h2 id="body-title">${texts.body}</h2>
      ${body === undefined ? html`<p>${texts.bodyGone}</p>` : bodyText(body, id, texts)}
    </section>
    ${
      subjects.length === 0
        ? ""
        : html`<section aria-labelledby="neighbours-title">
            <h2 id="neighbours-title">${texts.neighbours}</h2>
            ${neighboursOf(neighbours, language, now)}
          </section>`
    }
    <p class="quiet">
      <a href="${board}">${texts.inDashboard}</a> <a href="/api/events/${encodeURIComponent(id)}">JSON</a>
    </p>`;
  return page({ ...shared, title, main });
}

function facts(event: EventWithLife, { texts, time, number, duration }: Language, now: number): Html {
  const { id, source, door, subjects, firstSeen, deliveries, attempts, worker, parkedAt, handledAt, confirmedAt } =
    event;
  const { expiresAt } = event;
  const at = (when: string) =>
    html`<time datetime="${when}">${time(Date.parse(when))}</time>
      <span class="quiet">${texts.ago(now - Date.parse(when))}</span>`;
  const leftMs = expiresAt === undefined ? undefined : Date.parse(expiresAt) - now;
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    [texts.timeLeft, leftMs === undefined ? undefined : leftMs > 0 ? duration(leftMs) : texts.over],
    [
      texts.subjects,
      subjects.length === 0
        ? undefined
        : html`${subjects.map((subject) => html`<a href="/events?search=${encodeURIComponent(`"${subject}"`)}">${subject}</a> `)}`,
    ],
    [texts.firstSeen, at(firstSeen)],
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

function neighboursOf(neighbours: readonly DeskEvent[] | undefined, language: Language, now: number): Html {
  const { texts } = language;
  if (neighbours === undefined) return html`<p class="bad">${texts.searchLate}</p>`;
  if (neighbours.length === 0) return html`<p>${texts.noNeighbours}</p>`;
  return eventsTable(texts.neighbours, neighbours, language, now);
}

export function noEventPage(shared: Shared): Html {
  const { texts } = shared.language;
  const main = html`<h1>${texts.noEvent}</h1>
    <p>${texts.noEventWhy}</p>`;
  return page({ ...shared, title: texts.noEvent, main });
}
