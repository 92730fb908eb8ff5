/**
 * The actions that a person may take on events. Each answer leads back to the page of the request, with a notice of the
 * outcome.
 */
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import { z } from "zod";
import { peerOf, personOf } from "../access/guard.ts";
import type { HttpEnv } from "../access/guard.ts";
import { formOf } from "./form.ts";
import type { createGroupRetries } from "./group-retries.ts";
import type { Notice } from "./texts/notices.ts";

/** `by`: the person, for the event's history. */
export type Actions = {
  /** Confirms it without a successful handler. False if it is not open, or is running now. */
  discard(id: string, reason: string, by?: string): Promise<boolean>;
  /** Treats a handled event as confirmed. False if it is not handled. */
  end(id: string, reason: string, by?: string): Promise<boolean>;
  /** Gives a parked event another attempt. False if it is not parked. */
  retry(id: string, by?: string): Promise<boolean>;
};

const Asked = z.object({ id: z.string().min(1).max(512) });
const AskedWithReason = Asked.extend({ reason: z.string().trim().min(1).max(500) });
const AskedForGroup = z.object({ type: z.string().max(512), error: z.string().max(1_000) });
/** The log keeps the reason of these actions, since they take an event away from the worker. */
const GIVE_UPS = [
  { action: "discard", done: "discarded", refused: "not-open" },
  { action: "end", done: "ended", refused: "not-handled" },
] as const;

export function actions(options: {
  readonly pages: Actions;
  readonly groupRetries: Pick<ReturnType<typeof createGroupRetries>, "start">;
  readonly log: Logger;
}): Hono<HttpEnv> {
  const { pages, groupRetries, log } = options;
  const app = new Hono<HttpEnv>();

  app.post("/events/retry", async (c) => {
    const asked = Asked.safeParse(await formOf(c));
    if (!asked.success) return c.text("To retry an event, send its id.\n", 400);
    const { id } = asked.data;
    const done = await pages.retry(id, personOf(c));
    log.info({ id, done, address: peerOf(c) }, "an operator asked for a retry");
    return back(c, done ? "retried" : "not-parked");
  });
  app.post("/events/retry-group", async (c) => {
    const asked = AskedForGroup.safeParse(await formOf(c));
    if (!asked.success) return c.text("To retry a group, send its type and error.\n", 400);
    return back(c, groupRetries.start(asked.data, personOf(c)) ? undefined : "group-runs");
  });
  for (const { action, done, refused } of GIVE_UPS)
    app.post(`/events/${action}`, async (c) => {
      const asked = AskedWithReason.safeParse(await formOf(c));
      if (!asked.success)
        return c.text(`To ${action} an event, send its id and a reason of at most 500 characters.\n`, 400);
      const { id, reason } = asked.data;
      const isDone = await pages[action](id, reason, personOf(c));
      log.warn({ id, reason, done: isDone, address: peerOf(c) }, `an operator asked for: ${action}`);
      return back(c, isDone ? done : refused);
    });
  return app;
}

const OURS = /^\/(events(\/[^/]*)?)?$/;

/** Redirects only to a path of our own, whatever the header says. */
function back(c: Context, notice: Notice | undefined): Response {
  const referer = c.req.header("referer") ?? "";
  const { pathname, searchParams } = new URL(URL.canParse(referer) ? referer : "http://localhost/");
  const isOurs = OURS.test(pathname);
  const kept = isOurs ? searchParams : new URLSearchParams();
  kept.delete("notice");
  if (notice !== undefined) kept.set("notice", notice);
  return c.redirect(`${isOurs ? pathname : "/"}${kept.size > 0 ? `?${kept.toString()}` : ""}`, 303);
}
