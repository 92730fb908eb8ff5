/** The results of the search box. */
import { html } from "hono/html";
import type { EventPage, Reach } from "../../desk/contract.ts";
import { eventsTable } from "./events-table.ts";
import { type Html, page, type Shared } from "./layout.ts";

export type SearchPage = Shared & {
  readonly search: string;
  /** Missing if the search cannot be read, or takes too long. */
  readonly found: EventPage | undefined;
  /** The mistake in the search text. */
  readonly mistake: string | undefined;
  readonly isFirst: boolean;
  /** Missing while it cannot be read. */
  readonly reach: Reach | undefined;
};

const EXAMPLES = [
  "5285890784273533167",
  'state:parked type:NewFileUpload "connection reset"',
  "state:waiting older:1h",
  "state:handled newer:20m",
];

export function searchPage({ search, found, mistake, isFirst, reach, ...shared }: SearchPage): Html {
  const { language, now } = shared;
  const { texts } = language;
  const title = texts.searchTitle(search);
  const main = html`<h1>${title}</h1>
    ${mistake === undefined ? "" : html`<p class="notice not-ready" role="alert" lang="en">${mistake}</p>`}
    ${mistake === undefined && found === undefined ? html`<p class="bad">${texts.searchLate}</p>` : ""}
    ${found ? results(found) : ""}
    ${reach ? html`<p class="quiet" id="reach">${texts.reach(reach.events, reach.since === undefined ? undefined : now - Date.parse(reach.since))}</p>` : ""}
    <details class="help" id="search-help" ${mistake === undefined ? "" : "open"}>
      <summary>${texts.searchHelp}</summary>
      <p>${texts.searchRules}</p>
      <ul>
        ${EXAMPLES.map(
          (example) =>
            html`<li>
              <a href="${linkTo(example)}"><code>${example}</code></a>
            </li>`,
        )}
      </ul>
    </details>`;
  return page({ ...shared, title, search, main });

  function results({ events, cursor }: EventPage): Html {
    return html`<p class="quiet">
        ${events.length === 0 ? texts.nothingFound : texts.found(events.length, !isFirst || cursor !== undefined)}
      </p>
      ${events.length === 0 ? "" : eventsTable(title, events, language, now)}
      <p class="pages">
        ${isFirst ? "" : html`<a href="${linkTo(search)}">${texts.firstPage}</a>`}
        ${cursor === undefined ? "" : html`<a class="button" rel="next" href="${linkTo(search, cursor)}">${texts.nextPage}</a>`}
      </p>`;
  }
}

function linkTo(search: string, cursor?: string): string {
  return `/events?${new URLSearchParams({ search, ...(cursor !== undefined && { cursor }) }).toString()}`;
}
