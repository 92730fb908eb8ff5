/** The page for a person on call: what is wrong, what to do, and which events are open. */
import { html } from "hono/html";
import type { OpenEvent } from "../../core/event-states.ts";
import type { Group } from "../../desk/contract.ts";
import type { GroupRetry } from "./group-retries.ts";
import { type Doors, doorsTable } from "./doors-table.ts";
import { groupsSection } from "./groups-section.ts";
import { counts, healthSection } from "./health-section.ts";
import { type Html, page, type Shared } from "./layout.ts";
import { openEventsTable } from "./open-events-table.ts";
import { seriesSection, type SeriesSection } from "./series-section.ts";
import { replicasTable } from "./replicas-table.ts";

export type HomePage = Shared & {
  /** These two are missing while they cannot be read. */
  readonly groups: readonly Group[] | undefined;
  readonly openEvents: readonly OpenEvent[] | undefined;
  /** There are more events than these. */
  readonly more: boolean;
  readonly retries: readonly GroupRetry[];
} & Pick<SeriesSection, "range" | "series"> &
  Pick<Doors, "recent" | "called">;

export function homePage(options: HomePage): Html {
  const { groups, retries, openEvents, more, range, series, recent, called, ...shared } = options;
  const { language, status, now } = shared;
  const { texts } = language;
  const { sources = [], callbacks, replicas = [] } = status;
  const main = html`${healthSection(status, language, now)} ${counts(status, language)}
    ${groupsSection({ groups, retries, language, now })}
    <section id="doors" aria-labelledby="doors-title">
      <h2 id="doors-title">${texts.doors}</h2>
      ${doorsTable({ sources, callbacks, recent, called, language, now })}
    </section>
    ${seriesSection({ range, series, language })}
    <section id="open" aria-labelledby="open-title">
      <h2 id="open-title">${texts.openEvents}</h2>
      <p class="quiet">${texts.openEventsHint}</p>
      ${openEventsTable({ openEvents, more, status, language, now })}
    </section>
    ${replicasTable(replicas, language, now)}`;
  return page({ ...shared, main });
}
