/**
 * Decides what bull-board may change. A request is refused unless it is known to be harmless. A job is an event whose
 * vendor waits for a confirmation: removing, editing or adding a job outside the inbox would lose or forge an event.
 */
import type { HookContext } from "@bull-board/api/typings/app";
import { z } from "zod";

const HARMLESS: ReadonlySet<string> = new Set([
  "put /api/queues/pause",
  "put /api/queues/resume",
  "put /api/queues/:queueName/pause",
  "put /api/queues/:queueName/resume",
  "put /api/queues/:queueName/promote",
  "put /api/queues/:queueName/:jobId/promote",
]);

const DISCARD = "To give up an event, discard it with a reason on the desk (/): it is then confirmed to its vendor.";
const REMOVES = `Refused: this would remove events that are not handled. ${DISCARD}`;
const RUNS_AGAIN =
  "Refused: these events are handled and confirmed already; running them again would handle them twice.";
const SKIPS =
  "Refused: bull-board would retry the newest 100 only, and what fails again takes their place. The desk (/) retries each " +
  "event of a cause once, the oldest first.";
const FORGES = "Refused: events come from their vendors only; a job added here would be an event that nobody reported.";
const EDITS = "Refused: an event is what its vendor reported, and is not edited.";
const UNKNOWN = "Refused: the worker does not need this, and it could lose or repeat events.";

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["post /api/queues/:queueName/add", FORGES],
  ["put /api/queues/:queueName/empty", REMOVES],
  ["put /api/queues/:queueName/obliterate", REMOVES],
  ["patch /api/queues/:queueName/:jobId/update-data", EDITS],
]);

/** bull-board's own settings offer up to 300 events on a page. */
const MAX_PER_PAGE = 100;
/** Redis accepts no larger index. */
const MAX_PAGE = 1_000_000;

/** A longer page is shortened, not refused. The next page then begins where this one ends. */
export function boundPage({ query }: HookContext["request"]): void {
  if (Number(query["jobsPerPage"]) > MAX_PER_PAGE) query["jobsPerPage"] = String(MAX_PER_PAGE);
  if (Number(query["page"]) > MAX_PAGE) query["page"] = String(MAX_PAGE);
}

const Params = z.object({ queueName: z.string(), jobId: z.string().optional(), queueStatus: z.string().optional() });

/** The reason to refuse this request. Undefined if it is allowed. */
export async function refusalOf({ method, route, request }: HookContext): Promise<string | undefined> {
  const action = `${method} ${route}`;
  if (method === "get" || HARMLESS.has(action)) return undefined;
  const params = Params.safeParse(request.params).data;
  const stateOf = async () => {
    const job = params?.jobId && (await request.queues.get(params.queueName)?.getJob(params.jobId));
    return job ? await job.getState() : undefined;
  };
  switch (action) {
    case "put /api/queues/:queueName/retry/:queueStatus":
      return params?.queueStatus === "failed" ? SKIPS : RUNS_AGAIN;
    case "put /api/queues/:queueName/:jobId/retry":
      return (await stateOf()) === "failed" ? undefined : RUNS_AGAIN;
    case "put /api/queues/:queueName/clean/:queueStatus":
      return params?.queueStatus === "completed" ? undefined : REMOVES;
    case "put /api/queues/:queueName/:jobId/clean":
      return (await stateOf()) === "completed" ? undefined : REMOVES;
    default:
      return REFUSALS.get(action) ?? UNKNOWN;
  }
}
