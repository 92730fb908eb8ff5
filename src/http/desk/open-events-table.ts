import { html } from "hono/html";
import type { OpenEvent } from "../../core/event-states.ts";
import type { KnownStatus } from "../probes/health.ts";
import { eventActions } from "./event-actions.ts";
import type { Html } from "./layout.ts";
import { dataTable, type Row } from "./table.ts";
import type { Language } from "./texts/english.ts";

export type OpenEventsTable = {
  /** Missing while they cannot be read. */
  readonly openEvents: readonly OpenEvent[] | undefined;
  /** There are more events than these. */
  readonly more: boolean;
  readonly status: KnownStatus;
  readonly language: Language;
  readonly now: number;
};

export function openEventsTable({ openEvents, more, status, language, now }: OpenEventsTable): Html {
  const { texts, number } = language;
  if (!openEvents) return html`<p class="bad">${texts.unreadable}</p>`;
  if (openEvents.length === 0) return html`<p>${texts.noneOpen}</p>`;
  const unconfirmed = (status.sources ?? []).reduce((sum, source) => sum + (source.unconfirmed ?? 0), 0);
  const { queue } = status;
  const parked = queue ? number(queue.parked) : texts.unknown;
  return html`${dataTable({
    caption: texts.openEvents,
    columns: [
      { label: texts.type, isWide: true },
      { label: texts.age },
      { label: texts.vendor },
      { label: texts.attempts, isNumber: true },
      { label: texts.reason, isWide: true },
      { label: texts.actions, isWide: true },
    ],
    rows: openEvents.map((event) => eventRow(event, language, now)),
  })}
  ${more ? html`<p class="quiet">${texts.openEventsCut(openEvents.length, unconfirmed, parked)}</p>` : ""}`;
}

function eventRow(event: OpenEvent, language: Language, now: number): Row {
  const { id, source, type, state, atVendor, firstSeen, attempts, reason } = event;
  const { texts, duration, number } = language;
  return {
    id: `event-${id}`,
    cells: [
      html`<a href="/events/${encodeURIComponent(id)}">${type}</a>
        <span class="state ${state}">${texts.states[state]}</span><br /><span class="quiet">${source}</span>`,
      html`<time datetime="${firstSeen}" title="${firstSeen}">${duration(now - Date.parse(firstSeen))}</time>`,
      texts.atVendor[atVendor],
      number(attempts),
      reason === undefined ? "" : html`<span class="reason">${reason}</span>`,
      eventActions({ id, state, name: type }, language),
    ],
  };
}
