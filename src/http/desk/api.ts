/** The desk for programs: the same facts that people see. `openapi.json` describes it. */
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  type EventPage,
  type EventWithLife,
  type Group,
  type Reach,
  type Series,
  SERIES_RANGES,
} from "../../desk/contract.ts";
import { readSearch, type Search } from "../../desk/search.ts";
import type { HttpEnv } from "../access/guard.ts";

export type DeskApi = {
  groups(search: Search): Promise<readonly Group[]>;
  /** Rejects with a `CursorError` for a cursor that the desk did not issue. */
  events(asked: { search: Search; limit: number; cursor?: string | undefined }): Promise<EventPage>;
  event(id: string): Promise<EventWithLife | undefined>;
  series(range: Series["range"]): Promise<Series>;
  /** How far the history reaches back. */
  reach(): Promise<Reach>;
};

const LIMIT = { usual: 50, most: 500 };

export function deskApi(desk: DeskApi): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.use("/api/*", async (c, next) => {
    c.header("Cache-Control", "no-store");
    await next();
  });
  app.get("/api/groups", async (c) => c.json({ groups: await desk.groups(searchOf(c)) }));
  app.get("/api/events", async (c) => {
    const asked = { search: searchOf(c), limit: limitOf(c), cursor: c.req.query("cursor") };
    return c.json(
      await desk.events(asked).catch((err: unknown) => {
        if (err instanceof Error && err.name === "CursorError") throw refused(400, `cursor: ${err.message}`);
        throw err;
      }),
    );
  });
  app.get("/api/events/:id", async (c) => {
    const event = await desk.event(c.req.param("id"));
    if (!event) throw refused(404, "no event has this id, or it was forgotten since");
    return c.json(event);
  });
  app.get("/api/series", async (c) => {
    const asked = c.req.query("range") ?? SERIES_RANGES[0];
    const range = SERIES_RANGES.find((one) => one === asked);
    if (!range) throw refused(400, `range: takes ${SERIES_RANGES.join(", ")}`);
    return c.json(await desk.series(range));
  });
  app.get("/api/openapi.json", async (c) => c.json((await import("../../desk/openapi.ts")).openApi()));
  app.get("/api/history", async (c) => c.json(await desk.reach()));
  return app;
}

function searchOf({ req }: Context): Search {
  const read = readSearch(req.query("search") ?? "");
  if ("mistake" in read) throw refused(400, `search: ${read.mistake}`);
  return read.search;
}

function limitOf({ req }: Context): number {
  const text = req.query("limit") ?? String(LIMIT.usual);
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMIT.most) return limit;
  throw refused(400, `limit: takes a number from 1 to ${LIMIT.most}`);
}

function refused(status: 400 | 404, error: string): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { status }) });
}
