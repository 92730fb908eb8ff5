/** The page for a person who was paged: what is wrong, what to do, and which events are open. Works without script. */
import { readFileSync } from "node:fs";
import { html, raw } from "hono/html";
import type { OpenEvent } from "../../core/event-states.ts";
import type { CallbackStatus, QueueStatus } from "../probes/status-contract.ts";
import type { LastingProblem } from "../../core/health.ts";
import { ago, lasting } from "./ages.ts";
import type { KnownStatus } from "../probes/health.ts";
import { openEventsTable } from "./events-table.ts";
import { replicasTable } from "./replicas-table.ts";
import { sourcesTable } from "./sources-table.ts";

export type Overview = {
  readonly status: KnownStatus;
  /** Missing while they cannot be read. */
  readonly openEvents: readonly OpenEvent[] | undefined;
  readonly more: boolean;
  readonly queueName: string;
  readonly notice: string | undefined;
  readonly now: number;
};

const TITLES = { ready: "ready", attention: "attention", "not-ready": "NOT READY" } as const;
const HEADINGS = {
  ready: "Ready",
  attention: "Ready, and something needs attention",
  "not-ready": "Not ready",
} as const;
const STYLE = readFileSync(new URL("overview.css", import.meta.url), "utf8");

export function overviewPage({ status, openEvents, more, queueName, notice, now }: Overview) {
  const board = `/dashboard/queue/${encodeURIComponent(queueName)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${TITLES[status.state]} · reliable-callback</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(STYLE)}
        </style>
        <script src="/overview.js" defer></script>
      </head>
      <body>
        <header>
          <h1>reliable-callback</h1>
          <nav><a href="/dashboard">Dashboard</a> <a href="/metrics">Metrics</a> <a href="/status.json">JSON</a></nav>
        </header>
        <main>
          ${notice === undefined ? "" : html`<p class="notice" role="status">${notice}</p>`} ${readiness(status, now)}
          ${status.queue ? queueCounts(status.queue, status.callbacks, board) : ""}
          <h2>Sources</h2>
          ${sourcesTable(status.sources ?? [], now)} ${replicasTable(status.replicas ?? [], now)}
          <h2>Open events</h2>
          <p class="quiet">Not yet confirmed to their vendor, or parked, oldest first.</p>
          ${openEventsTable({ openEvents, more: more ? inAll(status) : undefined, board, now })}
          <p class="quiet">
            As of <time datetime="${new Date(now).toISOString()}">${new Date(now).toISOString().slice(11, 19)} UTC</time
            ><span id="stale"></span>
          </p>
        </main>
      </body>
    </html>`;
}

function inAll({ sources = [], queue }: KnownStatus): string {
  const unconfirmed = sources.reduce((sum, source) => sum + (source.unconfirmed ?? 0), 0);
  return `in all, ${unconfirmed} are unconfirmed, and ${queue?.parked ?? "?"} are parked`;
}

function readiness({ state, problems, name, version, startedAt, roles }: KnownStatus, now: number) {
  return html`<section class="readiness ${state}">
    <h2>${HEADINGS[state]}</h2>
    ${
      problems.length === 0
        ? ""
        : html`<ul>
            ${problems.map((problem) => problemLine(problem, now))}
          </ul>`
    }
    <p class="quiet">
      ${name === undefined ? "" : html`${name} ${version} · ${roles?.join(", ")} · started ${ago(startedAt, now)}`}
    </p>
  </section>`;
}

function problemLine({ source, fact, fix, since, code }: LastingProblem, now: number) {
  const of = source === undefined ? "" : `${source}: `;
  return html`<li id="${code}">
    ${of}${fact}, <b>${fix}</b> <span class="quiet">for ${lasting(now - Date.parse(since))}</span>
  </li>`;
}

function queueCounts(queue: QueueStatus, callbacks: CallbackStatus | undefined, board: string) {
  const waiting = Math.max(queue.waiting - (callbacks?.waiting ?? 0), queue.delayed);
  const states = [
    { state: "waiting", count: queue.waiting, list: "waiting" },
    { state: "running", count: queue.running, list: "active" },
    { state: "delayed", count: queue.delayed, list: "delayed" },
    { state: "parked", count: queue.parked, list: "failed", bad: queue.parked > 0 },
    { state: "completed", count: queue.completed, list: "completed" },
  ];
  return html`<section class="counts">
      ${states.map(
        ({ state, count, list, bad }) =>
          html`<a href="${board}?status=${list}" class="${bad ? "bad" : ""}"><b>${count}</b> ${state}</a>`,
      )}
    </section>
    ${waiting >= queue.maxWaiting ? html`<p class="bad">${waiting} events wait, the limit is ${queue.maxWaiting}: new ones stay at the vendor.</p>` : ""}`;
}
