import { html } from "hono/html";
import type { OpenEvent } from "../probes/status-contract.ts";
import { lasting } from "./ages.ts";

type OpenEventsTable = {
  readonly openEvents: readonly OpenEvent[] | undefined;
  readonly more: boolean;
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
    ${more ? html`<p class="quiet">These are the ${openEvents.length} oldest; there are more.</p>` : ""}`;
}

function eventRow(event: OpenEvent, board: string, now: number) {
  const { id, source, type, state, firstSeen, attempts, reason } = event;
  return html`<tr>
    <td><span class="state ${state}">${state}</span></td>
    <td><a href="${board}/${encodeURIComponent(id)}">${type}</a><br /><span class="quiet">${source}</span></td>
    <td><time datetime="${firstSeen}" title="${firstSeen}">${lasting(now - Date.parse(firstSeen))}</time></td>
    <td class="n">${attempts}</td>
    <td class="reason">${reason ?? ""}</td>
    <td class="actions">${state === "parked" ? retryForm(id) : ""}${state === "handled" ? "" : discardForm(id)}</td>
  </tr>`;
}

function retryForm(id: string) {
  return html`<form method="post" action="/events/retry">
    <input type="hidden" name="id" value="${id}" /><button>Retry</button>
  </form>`;
}

function discardForm(id: string) {
  return html`<details>
    <summary>Discard…</summary>
    <form method="post" action="/events/discard">
      <input type="hidden" name="id" value="${id}" />
      <label
        >Reason <input name="reason" required maxlength="500" autocomplete="off" placeholder="why nobody needs it"
      /></label>
      <button>Give it up and confirm it</button>
    </form>
  </details>`;
}
