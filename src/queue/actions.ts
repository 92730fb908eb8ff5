import { ErrorCode } from "bullmq";
import type { Logger } from "pino";
import { z } from "zod";
import type { EventRef } from "../core/event.ts";
import type { DueConfirmation } from "../core/inbox.ts";
import { OFTEN } from "../core/log-groups.ts";
import type { Meter } from "../core/meter.ts";
import type { RedisInbox } from "./inbox.ts";

export type ActionOptions = {
  readonly inbox: RedisInbox;
  readonly confirm: (confirmation: DueConfirmation) => void;
  readonly log: Logger;
  readonly meter: Meter;
};

const DISCARDED = {
  "given up": "discarded by hand, confirmed without success",
  removed: "discarded by hand; nothing is due to its vendor",
} as const;

/** Lenient, so that a job that is not one of our events can be discarded too. */
const EventData = z.object({
  source: z.string().catch(""),
  type: z.string().catch(""),
  fingerprint: z.string().catch(""),
});

const TOO_LATE: ReadonlySet<unknown> = new Set([ErrorCode.JobNotExist, ErrorCode.JobNotInState]);

/** The actions that a person may take on an event. */
export function createActions({
  inbox,
  knownSources,
  confirm,
  log,
  meter,
}: ActionOptions & { readonly knownSources: () => Promise<readonly string[]> }) {
  return { discard, end, retry };

  /**
   * Gives an event up by hand. Its job is removed, and its receipt is confirmed now or at its next delivery. False if
   * there is no such event, if it is finished, or if its handler is running.
   */
  async function discard(id: string, reason: string, by?: string): Promise<boolean> {
    const job = await inbox.getJob(id);
    if (!job) return false;
    const { source, type, fingerprint } = EventData.parse(job.data);
    const { outcome, confirmation } = await inbox.discard({ id, fingerprint, source }, reason, by);
    if (confirmation) confirm(confirmation);
    if (outcome === "none" || outcome === "handled") return false;
    meter.count("dropped", { source, type, why: "discarded" });
    log.warn({ source, type, id, reason }, DISCARDED[outcome]);
    return true;
  }

  /** Treats a handled event as confirmed. False if it is not handled, or is confirmed by now. */
  async function end(id: string, reason: string, by?: string): Promise<boolean> {
    const job = await inbox.getJob(id);
    const event = job ? { id, ...job.data } : await findHandled(id);
    if (!event || !(await inbox.end(event, reason, by))) return false;
    const { source } = event;
    const type = job?.data.type ?? "";
    meter.count("dropped", { source, type, why: "ended" });
    log.warn({ source, type, id, reason }, "ended by hand: the handled event counts as confirmed");
    return true;
  }

  /** Its job may be gone, since few finished jobs are kept. */
  async function findHandled(id: string): Promise<EventRef | undefined> {
    for (const source of await knownSources()) {
      const found = await inbox.findHandled(source, id);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * Runs a parked event again, or a delayed one now. Each is one BullMQ script, which first takes the job from its
   * list. So all of it happens or nothing, even on a full Redis.
   */
  async function retry(id: string, by?: string): Promise<boolean> {
    const job = await inbox.getJob(id);
    if (!job) return false;
    const done = (await job.isFailed())
      ? await happens(job.retry("failed"))
      : (await job.isDelayed()) && (await happens(job.promote()));
    if (!done) return false;
    log.info({ ...OFTEN, id }, "retried by hand");
    const { receivedAt } = job.data;
    await inbox
      .noteAction({ id, ...EventData.parse(job.data) }, receivedAt, "retried by hand", by)
      .catch((err: unknown) => log.debug({ err, id }, "cannot write the retry into the event's history"));
    return true;
  }
}

/** False if somebody else was faster. */
async function happens(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (err) {
    if (err instanceof Error && "code" in err && TOO_LATE.has(err.code)) return false;
    throw err;
  }
}
