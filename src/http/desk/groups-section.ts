/** The parked events, with one card for all that failed for the same reason. */
import { createHash } from "node:crypto";
import { html } from "hono/html";
import type { Group, GroupKey } from "../../desk/contract.ts";
import type { GroupRetry } from "./group-retries.ts";
import type { Html } from "./layout.ts";
import type { Language } from "./texts/english.ts";

/** The most groups on the page. With more of them, a person starts at the top anyway. */
const MAX_GROUPS = 50;

type GroupsSection = {
  /** Missing while they cannot be read. */
  readonly groups: readonly Group[] | undefined;
  readonly retries: readonly GroupRetry[];
  readonly language: Language;
  readonly now: number;
};

export function groupsSection({ groups, retries, language, now }: GroupsSection): Html {
  const { texts } = language;
  return html`<section id="groups" aria-labelledby="groups-title">
    <h2 id="groups-title">${texts.groups}</h2>
    <div role="status">${retries.map((retry) => retryLine(retry, language))}</div>
    ${groups === undefined ? html`<p class="bad">${texts.unreadable}</p>` : list(groups, language, now)}
  </section>`;
}

function list(groups: readonly Group[], language: Language, now: number): Html {
  const { texts } = language;
  if (groups.length === 0) return html`<p>${texts.noGroups}</p>`;
  const rest = groups.slice(MAX_GROUPS).reduce((sum, { count }) => sum + count, 0);
  return html`<p><a href="/events?search=${encodeURIComponent("state:parked newer:20m")}">${texts.newGroups}</a></p>
    <ul class="groups">
      ${groups.slice(0, MAX_GROUPS).map((group) => card(group, language, now))}
    </ul>
    ${rest === 0 ? "" : html`<p class="quiet">${texts.moreGroups(groups.length - MAX_GROUPS, rest)}</p>`}`;
}

function card(group: Group, { texts, number, duration }: Language, now: number): Html {
  const { type, error, count, lastHour, oldest, expiresAt, sample } = group;
  const leftMs = expiresAt === undefined ? undefined : Date.parse(expiresAt) - now;
  return html`<li class="group" id="group-${idOf(group)}">
    <h3>
      <a href="/events?search=${encodeURIComponent(searchFor(group))}"><b>${number(count)}</b> ${type}</a>
    </h3>
    <p class="reason">${error === "" ? texts.noError : error}</p>
    <dl class="facts">
      <div>
        <dt>${texts.timeLeft}</dt>
        <dd class="${leftMs !== undefined && leftMs < URGENT_MS ? "bad" : ""}">
          ${leftMs === undefined ? texts.notAtVendor : leftMs > 0 ? duration(leftMs) : texts.over}
        </dd>
      </div>
      <div>
        <dt>${texts.oldestOne}</dt>
        <dd><time datetime="${oldest}" title="${oldest}">${texts.ago(now - Date.parse(oldest))}</time></dd>
      </div>
      <div>
        <dt>${texts.trend}</dt>
        <dd>${lastHour === 0 ? texts.noTrend : texts.lastHour(lastHour)}</dd>
      </div>
      <div>
        <dt>${texts.sample}</dt>
        <dd><a href="/events/${encodeURIComponent(sample.id)}">${sample.subjects[0] ?? sample.id}</a></dd>
      </div>
    </dl>
    <form method="post" action="/events/retry-group">
      <input type="hidden" name="type" value="${type}" /><input type="hidden" name="error" value="${error}" />
      <button class="main" aria-label="${texts.retryGroupOf(count, type, error)}">${texts.retryGroup(count)}</button>
    </form>
  </li>`;
}

/** With a day left, a person can sleep over the problem and still fix it. */
const URGENT_MS = 86_400_000;

function retryLine({ type, error, looked, total, retried, hasFailed }: GroupRetry, { texts }: Language): Html {
  const what = `${type}: ${error === "" ? texts.noError : error}`;
  if (hasFailed) return html`<p class="notice bad">${what}<br />${texts.retryFailed(looked)}</p>`;
  if (retried !== undefined) return html`<p class="notice">${what}<br />${texts.retryDone(retried)}</p>`;
  const said = total === undefined ? texts.retryBegins : texts.retryRuns(looked, total);
  return html`<p class="notice">
    ${what}<br /><progress aria-label="${said}" value="${looked}" max="${total ?? 1}"></progress> ${said}
  </p>`;
}

/** Stays the same when the page is refreshed. */
function idOf({ type, error }: GroupKey): string {
  return createHash("sha256")
    .update(JSON.stringify([type, error]))
    .digest("base64url")
    .slice(0, 12);
}

/** The error without the details that differ from event to event. The longest remaining parts are searched for. */
function searchFor({ type, error }: GroupKey): string {
  const parts = error
    .split(/"\*"|\/\*|#|"/)
    .map((part) => part.trim())
    .filter((part) => part.length > 3)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 3);
  return ["state:parked", `type:"${type.replaceAll('"', "")}"`, ...parts.map((part) => `"${part}"`)].join(" ");
}
