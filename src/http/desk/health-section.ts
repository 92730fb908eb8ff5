import { html } from "hono/html";
import type { LastingProblem } from "../../core/health.ts";
import type { KnownStatus } from "../probes/health.ts";
import type { Html } from "./layout.ts";
import type { Language } from "./texts/english.ts";

/** The state of health, its reasons, and what to do. */
export function healthSection({ state, problems }: KnownStatus, { texts }: Language, now: number): Html {
  return html`<section class="readiness ${state}" id="state">
    <h1>${texts.health[state]}</h1>
    ${
      problems.length === 0
        ? ""
        : html`<ul>
            ${problems.map((problem) => problemLine(problem, texts, now))}
          </ul>`
    }
  </section>`;
}

function problemLine({ code, source, fact, fix, since }: LastingProblem, texts: Language["texts"], now: number): Html {
  const title = texts.problemTitle(code);
  const words = `${source === undefined ? "" : `${source}: `}${fact}`;
  return html`<li id="${code}-${source ?? ""}">
    ${title === undefined ? "" : html`<b>${title}</b> `}<span lang="en">${words}, <b>${fix}</b></span>
    <span class="since">(${texts.lastsFor(now - Date.parse(since))})</span>
  </li>`;
}

/** Each count links to the events in that state. */
export function counts({ queue, callbacks, sources = [] }: KnownStatus, { texts, number }: Language): Html | string {
  if (!queue) return "";
  const waiting = Math.max(queue.waiting - (callbacks?.waiting ?? 0), queue.delayed);
  const handled = sources.reduce((sum, source) => sum + (source.handled ?? 0), 0);
  const states = [
    ["waiting", queue.waiting],
    ["running", queue.running],
    ["delayed", queue.delayed],
    ["parked", queue.parked],
    ["handled", handled],
  ] as const;
  return html`<ul class="counts" id="counts" aria-label="${texts.counts}">
      ${states.map(
        ([state, count]) =>
          html`<li class="${state === "parked" && count > 0 ? "bad" : ""}">
            <a href="/events?search=state%3A${state}"><b>${number(count)}</b> ${texts.states[state]}</a>
          </li>`,
      )}
    </ul>
    <div id="room">
      ${waiting >= queue.maxWaiting ? html`<p class="bad">${texts.staysAtVendor(waiting, queue.maxWaiting)}</p>` : ""}
    </div>`;
}
