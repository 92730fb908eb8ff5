/** The pages where people work: open problems, the search, and the life of one event. */
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import type { OpenEvent } from "../../core/event-states.ts";
import { type EventPage, type Series, SERIES_RANGES } from "../../desk/contract.ts";
import { EVERYTHING, readSearch } from "../../desk/search.ts";
import type { ReceiverCounts } from "../../desk/receivers.ts";
import type { HttpEnv } from "../access/guard.ts";
import type { ReadStatus } from "../probes/health.ts";
import { withTimeout } from "../with-timeout.ts";
import { type Actions, actions } from "./actions.ts";
import type { DeskApi } from "./api.ts";
import { assets } from "./assets.ts";
import { eventPage, noEventPage } from "./event-page.ts";
import { createGroupRetries, type RetryGroup } from "./group-retries.ts";
import { homePage } from "./home-page.ts";
import { type LimitHandler, limitWords } from "./limit-words.ts";
import { live } from "./live.ts";
import { searchPage } from "./search-page.ts";
import { sparing } from "./sparing.ts";
import { languageFor } from "./texts/language.ts";
import { NOTICES } from "./texts/notices.ts";

export type DeskPages = Actions & {
  /** Events that are not confirmed, or are parked. The oldest comes first. */
  openEvents(limit: number): Promise<readonly OpenEvent[]>;
  readonly limit: LimitHandler;
  readonly desk: DeskApi & {
    readonly retryGroup: RetryGroup;
    /** The receivers of callbacks. */
    receivers(): Promise<readonly ReceiverCounts[]>;
  };
};

type DeskOptions = {
  readonly readStatus: ReadStatus;
  readonly pages: DeskPages;
  /** The queue in which the dashboard shows events of this source. */
  readonly boardOf: (source: string) => string;
  readonly log: Logger;
  readonly closing?: AbortSignal | undefined;
};

/** The most events in `/status.json`. The oldest matter most. */
const MAX_EVENTS = 100;
/** The most events on the first page, where they come last. */
const MAX_OLDEST = 10;
const MAX_FOUND = 50;
const WAIT_MS = 1_500;
const SEARCH_MS = 10_000;
const LATE_MS = 500;

export function desk({ readStatus, pages, boardOf, log, closing }: DeskOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  const groupRetries = createGroupRetries({ retryGroup: pages.desk.retryGroup, log, closing });
  const openEvents = sparing({ name: "open events", waitMs: WAIT_MS, log }, () => pages.openEvents(MAX_EVENTS + 1));
  const groups = sparing({ name: "groups", waitMs: WAIT_MS, log }, () => pages.desk.groups(EVERYTHING));

  const receivers = sparing({ name: "receivers", waitMs: WAIT_MS, log }, () => pages.desk.receivers());
  const reach = sparing({ name: "how far the history reaches", waitMs: WAIT_MS, log }, () => pages.desk.reach());
  const sparedSeries = (range: Series["range"]) =>
    sparing({ name: "series", waitMs: WAIT_MS, log }, () => pages.desk.series(range));
  const seriesOf = { "15m": sparedSeries("15m"), "3h": sparedSeries("3h"), "2d": sparedSeries("2d") };

  // A person who acted sees the result at once.
  app.use("/events/*", async (c, next) => {
    await next();
    if (c.req.method !== "POST") return;
    openEvents.doubt();
    groups.doubt();
  });
  app.get("/", async (c) => {
    const range = SERIES_RANGES.find((one) => one === c.req.query("range")) ?? SERIES_RANGES[0];
    const reading = [sharedBy(c), openEvents.read(), groups.read(), seriesOf[range].read()] as const;
    const doors = Promise.all([seriesOf["15m"].read(), receivers.read()]);
    const [shared, open, parked, series] = await Promise.all(reading);
    const [recent, called] = await doors;
    const retries = groupRetries.list(shared.now);
    const oldest = open?.slice(0, MAX_OLDEST);
    const more = (open?.length ?? 0) > MAX_OLDEST;
    return c.html(
      homePage({ ...shared, groups: parked, retries, openEvents: oldest, more, range, series, recent, called }),
    );
  });
  app.get("/status.json", async (c) => {
    const [status, open] = await Promise.all([readStatus(), openEvents.read()]);
    c.header("Cache-Control", "no-store");
    return c.json({ ...status, openEvents: open?.slice(0, MAX_EVENTS) });
  });
  app.get("/events", async (c) => {
    const text = c.req.query("search")?.trim() ?? "";
    const cursor = c.req.query("cursor");
    const reading = [sharedBy(c), find(text, cursor), reach.read()] as const;
    const [shared, { found, mistake }, reaches] = await Promise.all(reading);
    const isFirst = cursor === undefined;
    return c.html(
      searchPage({ ...shared, search: text, found, mistake, isFirst, reach: reaches }),
      mistake === undefined ? 200 : 400,
    );
  });
  app.get("/events/:id", async (c) => {
    const [shared, event] = await Promise.all([sharedBy(c), pages.desk.event(c.req.param("id"))]);
    if (!event) return c.html(noEventPage(shared), 404);
    const board = `/dashboard/queue/${encodeURIComponent(boardOf(event.source))}/${encodeURIComponent(event.id)}`;
    return c.html(eventPage({ ...shared, event, board }));
  });
  app.route("/", assets());
  app.route("/", live({ readStatus, readMore: () => groupRetries.list(Date.now()), closing }));
  app.route("/", actions({ pages, groupRetries, log }));
  app.route("/", limitWords({ limit: pages.limit, log }));
  return app;

  /** The data that every page needs. */
  async function sharedBy(c: Context) {
    c.header("Cache-Control", "no-store");
    c.header("Vary", "Accept-Language");
    return {
      status: await readStatus(),
      language: languageFor(c.req.header("accept-language")),
      notice: NOTICES.find((name) => name === c.req.query("notice")),
      now: Date.now(),
    };
  }

  async function find(text: string, cursor: string | undefined): Promise<{ found?: EventPage; mistake?: string }> {
    const read = readSearch(text);
    if ("mistake" in read) return read;
    // After that time nobody waits for the result any more.
    const until = performance.now() + SEARCH_MS + LATE_MS;
    const search = withTimeout(
      () => pages.desk.events({ search: { ...read.search, until }, limit: MAX_FOUND, cursor }),
      SEARCH_MS,
    );
    try {
      const found = await search();
      return found ? { found } : {};
    } catch (err) {
      if (err instanceof Error && err.name === "CursorError") return { mistake: err.message };
      throw err;
    }
  }
}
