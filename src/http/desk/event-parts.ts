/** Parts of an event's page: the next step it waits for, and the data its handler left. */
import { html } from "hono/html";
import type { EventWithLife } from "../../desk/contract.ts";
import type { Html } from "./layout.ts";
import type { Language } from "./texts/english.ts";

/** The next step of an open event. */
export function waitsFor(event: EventWithLife, language: Language, now: number): Html | string | undefined {
  const { texts, duration } = language;
  const { state, heldFor, inBatchOf, nextAttemptAt } = event;
  if (inBatchOf !== undefined) return html`${texts.inBatchOf} ${linkTo(inBatchOf)}`;
  if (heldFor) {
    const { what, handler, key = "", after } = heldFor;
    return html`${texts.heldFor[what](handler, key)} ${after === undefined ? "" : linkTo(after)}`;
  }
  if (state === "delayed" && nextAttemptAt !== undefined)
    return texts.nextAttempt(duration(Math.max(0, Date.parse(nextAttemptAt) - now)));
  if (state === "waiting") return texts.waitsForWorker;
  if (state === "parked") return texts.waitsForPerson;
  return state === "handled" ? texts.waitsForConfirmation : undefined;
}

function linkTo(id: string): Html {
  return html`<a href="/events/${encodeURIComponent(id)}">${id}</a>`;
}

export function stepsSection({ steps = [], progress }: EventWithLife, { texts, ...format }: Language, now: number) {
  if (steps.length === 0 && progress === undefined) return "";
  return html`<section aria-labelledby="steps-title">
    <h2 id="steps-title">${texts.steps}</h2>
    ${progress === undefined ? "" : html`<p>${texts.progress}: <code>${JSON.stringify(progress)}</code></p>`}
    <ol class="steps">
      ${steps.map(
        ({ name, isDone, seenAt }) =>
          html`<li>
            <b>${name}</b>
            ${isDone ? texts.stepDone : texts.stepBegan(format.duration(now - Date.parse(seenAt ?? "")))}
          </li>`,
      )}
    </ol>
  </section>`;
}

export function linesSection({ lines }: EventWithLife, { texts }: Language): Html | string {
  if (!lines) return "";
  return html`<section aria-labelledby="lines-title">
    <h2 id="lines-title">${texts.lines}</h2>
    <pre class="body" tabindex="0" aria-labelledby="lines-title">${lines.join("\n")}</pre>
  </section>`;
}

export function stackPart({ stack, id }: EventWithLife, { texts }: Language): Html | string {
  if (stack === undefined) return "";
  return html`<details id="stack-${id}">
    <summary>${texts.stack}</summary>
    <pre class="body" tabindex="0" aria-label="${texts.stack}">${stack}</pre>
  </details>`;
}
