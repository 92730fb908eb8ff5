import { html } from "hono/html";
import type { OpenEvent } from "../../core/event-states.ts";
import { lasting } from "./ages.ts";

type OpenEventsTable = {
  readonly openEvents: readonly OpenEvent[] | undefined;
  /** How many there are in all, if there are more. */
  readonly more: string | undefined;
  /** Address of the queue in the dashboard. */
  readonly board: string;
  readonly now: number;
};

export function openEventsTable({ openEvents, more, board, now }: OpenEventsTable) {
  if (!openEvents) return html`<p class="bad">They cannot be read at the moment: is Redis away?</p>`;
  if (openEvents.length === 0) return html`<p>None.</p>`;
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>State</th>
            <th>Type</th>
            <th>Age</th>
            <th>At its vendor</th>
            <th class="n">Attempts</th>
            <th>Reason</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${openEvents.map((event) => eventRow(event, board, now))}
        </tbody>
      </table>
    </div>
    ${more === undefined ? "" : html`<p class="quiet">These are the ${openEvents.length} oldest; ${more}.</p>`}`;
}

const AT_VENDOR = {
  unconfirmed: "unconfirmed at the vendor",
  due: "its confirmation is due",
  confirmed: "confirmed already",
  forgotten: "the vendor has forgotten it",
  told: "pushed: its vendor heard 200",
} as const satisfies Record<OpenEvent["atVendor"], string>;

function eventRow(event: OpenEvent, board: string, now: number) {
  const { id, source, type, state, atVendor, firstSeen, attempts, reason } = event;
  return html`<tr>
    <td><span class="state ${state}">${state}</span></td>
    <td><a href="${board}/${encodeURIComponent(id)}">${type}</a><br /><span class="quiet">${source}</span></td>
    <td><time datetime="${firstSeen}" title="${firstSeen}">${lasting(now - Date.parse(firstSeen))}</time></td>
    <td>${AT_VENDOR[atVendor]}</td>
    <td class="n">${attempts}</td>
    <td class="reason">${reason ?? ""}</td>
    <td class="actions">
      ${state === "parked" ? retryForm(id) : ""}${state === "handled" ? endForm(id) : discardForm(id)}
    </td>
  </tr>`;
}

function retryForm(id: string) {
  return html`<form method="post" action="/events/retry">
    <input type="hidden" name="id" value="${id}" /><button>Retry</button>
  </form>`;
}

function discardForm(id: string) {
  return formWithReason({
    id,
    action: "/events/discard",
    summary: "Discard…",
    button: "Give it up and confirm it",
    follows: "",
  });
}

function endForm(id: string) {
  return formWithReason({
    id,
    action: "/events/end",
    summary: "End…",
    button: "Take it for confirmed",
    follows: "If its vendor still has it, it comes back and runs again.",
  });
}

type FormWithReason = Readonly<Record<"id" | "action" | "summary" | "button" | "follows", string>>;

function formWithReason({ id, action, summary, button, follows }: FormWithReason) {
  return html`<details>
    <summary>${summary}</summary>
    <form method="post" action="${action}">
      <input type="hidden" name="id" value="${id}" />
      <label
        >Reason <input name="reason" required maxlength="500" autocomplete="off" placeholder="why nobody needs it"
      /></label>
      <button>${button}</button>
      ${follows === "" ? "" : html`<p class="quiet">${follows}</p>`}
    </form>
  </details>`;
}
