import { html } from "hono/html";
import type { DeskEvent } from "../../desk/contract.ts";
import { eventActions, isOpen } from "./event-actions.ts";
import type { Html } from "./layout.ts";
import { dataTable, type Row } from "./table.ts";
import type { Language } from "./texts/english.ts";

/** A table of the events that a search finds. */
export function eventsTable(caption: string, events: readonly DeskEvent[], language: Language, now: number): Html {
  const { texts } = language;
  return dataTable({
    caption,
    columns: [
      { label: texts.type, isWide: true },
      { label: texts.age },
      { label: texts.timeLeft },
      { label: texts.attempts, isNumber: true },
      { label: texts.reason, isWide: true },
      { label: texts.actions, isWide: true },
    ],
    rows: events.map((event) => eventRow(event, language, now)),
  });
}

function eventRow(event: DeskEvent, language: Language, now: number): Row {
  const { id, source, type, state, subjects, firstSeen, attempts, error, expiresAt } = event;
  const { texts, duration, number } = language;
  const leftMs = expiresAt === undefined ? undefined : Date.parse(expiresAt) - now;
  return {
    id: `event-${id}`,
    cells: [
      html`<a href="/events/${encodeURIComponent(id)}">${type}</a>
        <span class="state ${state}">${texts.states[state]}</span><br /><span class="quiet"
          >${[...subjects.slice(0, 2), source].join(" · ")}</span
        >`,
      html`<time datetime="${firstSeen}" title="${firstSeen}">${duration(now - Date.parse(firstSeen))}</time>`,
      leftMs === undefined ? "" : leftMs > 0 ? duration(leftMs) : texts.over,
      number(attempts),
      error === undefined ? "" : html`<span class="reason">${error}</span>`,
      isOpen(state) ? eventActions({ id, state, name: nameOf(event, texts) }, language) : "",
    ],
  };
}

/** The name that people use for the event. */
export function nameOf({ type, subjects, id }: Pick<DeskEvent, "type" | "subjects" | "id">, texts: Language["texts"]) {
  return texts.eventOf(type, subjects[0] ?? id);
}
