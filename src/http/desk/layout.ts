/** The common parts of all pages of the desk. Pages work without scripts and load nothing from elsewhere. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { KnownStatus } from "../probes/health.ts";
import type { Language } from "./texts/english.ts";
import type { Notice } from "./texts/notices.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The data that every page is built from. */
export type Shared = {
  readonly language: Language;
  readonly status: KnownStatus;
  /** The result of the person's last action. */
  readonly notice: Notice | undefined;
  readonly now: number;
};

type PageOptions = Shared & {
  /** The title of this page alone. Missing on the first page. */
  readonly title?: string | undefined;
  readonly search?: string | undefined;
  readonly main: Html;
};

export function page({ language, status, notice, title, search = "", main, now }: PageOptions): Html {
  const { tag, texts, clock } = language;
  const state = texts.healthBrief[status.state];
  return html`<!doctype html>
    <html lang="${tag}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title ?? state} · reliable-callback</title>
        <link rel="icon" href="/desk.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/desk.css" />
        <script src="/desk.js" defer></script>
      </head>
      <body data-no-answer="${texts.noAnswer}">
        <a class="skip" href="#main">${texts.skip}</a>
        <header>
          <div class="bar">
            <a class="brand" href="/">reliable-callback</a>
            <a class="pill ${status.state}" id="pill" href="/#state">${state}</a>
            <form class="find" role="search" action="/events">
              <input
                type="search"
                name="search"
                value="${search}"
                aria-label="${texts.findLabel}"
                placeholder="${texts.findHint}"
                maxlength="500"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
              /><button>${texts.find}</button>
            </form>
            <nav aria-label="${texts.pages}">
              <a href="/" ${title === undefined ? html`aria-current="page"` : ""}>${texts.desk}</a>
              <a href="/#series">${texts.series}</a>
              <a href="/dashboard">${texts.dashboard}</a>
            </nav>
          </div>
        </header>
        <p id="stale" role="alert" hidden>${texts.stale}</p>
        <main id="main" tabindex="-1">
          ${notice === undefined ? "" : html`<p class="notice" role="status">${texts.notices[notice]}</p>`} ${main}
        </main>
        <footer class="quiet">
          <span id="as-of"><time datetime="${new Date(now).toISOString()}">${texts.asOf(clock(now))}</time></span>
          <span>${status.name === undefined ? "" : `${status.name} ${status.version}`}</span>
          <a href="/metrics">Metrics</a> <a href="/status.json">JSON</a>
        </footer>
      </body>
    </html>`;
}
