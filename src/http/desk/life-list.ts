import { html } from "hono/html";
import type { EventWithLife } from "../../desk/contract.ts";
import type { Html } from "./layout.ts";
import type { Language } from "./texts/english.ts";

/** What happened to an event, in its order. */
export function lifeList(life: EventWithLife["life"], language: Language, now: number): Html {
  const { texts } = language;
  if (life.length === 0) return html`<p>${texts.noLife}</p>`;
  return html`<ol class="life">
    ${life.map((entry) => lifeEntry(entry, language, now))}
  </ol>`;
}

function lifeEntry(entry: EventWithLife["life"][number], { texts, time }: Language, now: number): Html {
  const { at, what, by, endedAt, error, result, receipt, calls = 1 } = entry;
  const took = endedAt === undefined ? "" : ` · ${texts.took(Date.parse(endedAt) - Date.parse(at))}`;
  return html`<li class="${error === undefined ? "" : "failed"}">
    <time datetime="${at}" title="${texts.ago(now - Date.parse(at))}">${time(Date.parse(at))}</time>
    <span
      ><b>${texts.lifeKinds[what]}</b
      >${result === undefined ? "" : ` · ${texts.results(result)}`}${calls > 1 ? ` (${texts.calls(calls)})` : ""}${took}${by === undefined ? "" : html` <span class="quiet">${by}</span>`}${receipt === undefined ? "" : html` <span class="quiet">${texts.receipt} <code>${receipt}</code></span>`}
      ${error === undefined ? "" : html`<br /><span class="reason">${error}</span>`}</span
    >
  </li>`;
}
