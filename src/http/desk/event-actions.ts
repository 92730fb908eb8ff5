import { html } from "hono/html";
import type { EVENT_STATES, OpenState } from "../../core/event-states.ts";
import type { Html } from "./layout.ts";
import type { Language } from "./texts/english.ts";

type ActingOn = {
  readonly id: string;
  readonly state: OpenState;
  /** The name that people use for the event. Screen readers say it. */
  readonly name: string;
};

export function isOpen(state: (typeof EVENT_STATES)[number]): state is OpenState {
  return state !== "confirmed" && state !== "discarded";
}

/** The actions that a person may take on an open event. */
export function eventActions({ id, state, name }: ActingOn, { texts }: Language): Html {
  return html`<div class="acts">
    ${
      state === "parked"
        ? html`<form method="post" action="/events/retry">
            <input type="hidden" name="id" value="${id}" /><button aria-label="${texts.retryOf(name)}">
              ${texts.retry}
            </button>
          </form>`
        : ""
    }
    ${
      state === "handled"
        ? withReason(
            {
              id,
              action: "end",
              summary: texts.end,
              label: texts.endOf(name),
              send: texts.endSend,
              follows: texts.endFollows,
            },
            texts,
          )
        : withReason(
            { id, action: "discard", summary: texts.discard, label: texts.discardOf(name), send: texts.discardSend },
            texts,
          )
    }
  </div>`;
}

type WithReason = {
  readonly id: string;
  readonly action: "discard" | "end";
  readonly summary: string;
  readonly label: string;
  readonly send: string;
  readonly follows?: string;
};

function withReason({ id, action, summary, label, send, follows }: WithReason, texts: Language["texts"]): Html {
  return html`<details id="${action}-${id}">
    <summary aria-label="${label}">${summary}</summary>
    <form method="post" action="/events/${action}">
      <input type="hidden" name="id" value="${id}" />
      <label
        >${texts.why} <input name="reason" required maxlength="500" autocomplete="off" placeholder="${texts.whyHint}"
      /></label>
      <button>${send}</button>
      ${follows === undefined ? "" : html`<p class="quiet">${follows}</p>`}
    </form>
  </details>`;
}
