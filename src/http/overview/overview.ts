import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import { z } from "zod";
import { withTimeout } from "../with-timeout.ts";
import type { OpenEvent } from "../../core/event-states.ts";
import { peerOf } from "../access/guard.ts";
import type { HttpEnv } from "../access/guard.ts";
import type { ReadStatus } from "../probes/health.ts";
import { NOTICES } from "./notices.ts";
import { overviewPage } from "./page.ts";

/** The events that want a person, and what a person may do about one. */
export type OpenEvents = {
  /** The oldest first. */
  openEvents(limit: number): Promise<readonly OpenEvent[]>;
  /** Confirms it without a successful handler; false if it is not open, or running now. */
  discard(id: string, reason: string): Promise<boolean>;
  /** Takes a handled one for confirmed; false if it is not handled. */
  end(id: string, reason: string): Promise<boolean>;
  /** Gives a parked event another attempt; false if it is not parked. */
  retry(id: string): Promise<boolean>;
};

/** What fits a page; the oldest matter most. */
const MAX_EVENTS = 100;
const WAIT_MS = 1_500;
const SCRIPT = readFileSync(new URL("overview.client.js", import.meta.url), "utf8");

const Asked = z.object({ id: z.string().min(1).max(512) });
const AskedWithReason = Asked.extend({ reason: z.string().trim().min(1).max(500) });
/** They take an event out of the worker's hands, so that the log keeps the reason. */
const GIVE_UPS = [
  { action: "discard", done: "discarded", refused: "not-open" },
  { action: "end", done: "ended", refused: "not-handled" },
] as const;

export function overview(options: {
  readonly readStatus: ReadStatus;
  readonly pages: OpenEvents;
  readonly queueName: string;
  readonly log: Logger;
}): Hono<HttpEnv> {
  const { readStatus, pages, queueName, log } = options;
  const app = new Hono<HttpEnv>();

  const readEvents = withTimeout(() => pages.openEvents(MAX_EVENTS + 1), WAIT_MS);
  const read = async () => {
    const reading = readEvents().catch((err: unknown) => {
      log.warn({ err }, "open events cannot be read");
      return undefined;
    });
    const [status, events] = await Promise.all([readStatus(), reading]);
    return {
      status,
      openEvents: events?.slice(0, MAX_EVENTS),
      more: events !== undefined && events.length > MAX_EVENTS,
    };
  };

  app.get("/", async (c) => {
    c.header("Cache-Control", "no-store");
    const notice = NOTICES.get(c.req.query("notice") ?? "");
    return c.html(overviewPage({ ...(await read()), queueName, notice, now: Date.now() }));
  });
  app.get("/status.json", async (c) => {
    const { status, openEvents } = await read();
    c.header("Cache-Control", "no-store");
    return c.json({ ...status, openEvents });
  });
  app.get("/overview.js", (c) => c.body(SCRIPT, 200, { "Content-Type": "text/javascript; charset=utf-8" }));

  app.post("/events/retry", async (c) => {
    const asked = Asked.safeParse(await formOf(c));
    if (!asked.success) return c.text("To retry an event, send its id.\n", 400);
    const { id } = asked.data;
    const done = await pages.retry(id);
    log.info({ id, done, address: peerOf(c) }, "retry asked for by hand");
    return c.redirect(`/?notice=${done ? "retried" : "not-parked"}`, 303);
  });
  for (const { action, done, refused } of GIVE_UPS)
    app.post(`/events/${action}`, async (c) => {
      const asked = AskedWithReason.safeParse(await formOf(c));
      if (!asked.success)
        return c.text(`To ${action} an event, send its id and a reason of at most 500 characters.\n`, 400);
      const { id, reason } = asked.data;
      const isDone = await pages[action](id, reason);
      log.warn({ id, reason, done: isDone, address: peerOf(c) }, `${action} asked for by hand`);
      return c.redirect(`/?notice=${isDone ? done : refused}`, 303);
    });
  return app;
}

/** What claims to be a form and is none has no fields. */
async function formOf({ req }: Context): Promise<unknown> {
  return await req.parseBody().catch((err: unknown) => {
    if (err instanceof TypeError) return {};
    throw err;
  });
}
