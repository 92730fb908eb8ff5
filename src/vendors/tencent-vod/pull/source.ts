/**
 * Tencent VOD's reliable callback as a source: PullEvents, ConfirmEvents and the account's settings, of one application.
 *
 * PullEvents answers at once if events wait, else within 5 s. For an empty queue it answers with the error
 * ResourceNotFound, or without an EventSet. A handle is valid for 30 s and changes with every delivery. ConfirmEvents
 * takes up to 16 handles and gives one answer for all. Events have no order, and only their content distinguishes them.
 */
import { isObject } from "../../../core/event.ts";
import type { Logger } from "pino";
import { z } from "zod";
import { fingerprint } from "../../../core/fingerprint.ts";
import { OFTEN } from "../../../core/log-groups.ts";
import type { Delivery, Pulled, Source } from "../../../core/source.ts";
import { storable } from "../../parsing/storable.ts";
import { checkAccount, EventsState } from "./check.ts";
import { createVodClient, type VodClientOptions } from "./client.ts";
import { VodError } from "./error-codes.ts";
import { MEMORY_MS as PUSH_MEMORY_MS } from "../push/receiver.ts";
import { identityOf, sourceName, typeOf, VENDOR } from "../events/events.ts";
import { withoutNulls } from "../events/without-nulls.ts";

export type TencentVodSourceOptions = VodClientOptions & {
  readonly subAppId?: number | undefined;
  readonly windowMs?: number | undefined;
  readonly maxCallsPerSecond?: number | undefined;
  /** Whether the vendor may push the same events as well. */
  readonly isPushed?: boolean | undefined;
  /** If an empty answer comes faster than this, the vendor did not wait for events. */
  readonly waitedAfterMs?: number | undefined;
  readonly log: Logger;
};

export interface TencentVodSource extends Source {
  backlog(signal?: AbortSignal): Promise<number>;
  /** Closes the kept connections. Idle connections do not keep the process alive. */
  readonly close: () => void;
}

const WINDOW_MS = 30_000;
const RETENTION_MS = 4 * 24 * 3_600_000;
const BATCH_SIZE = 16;
const CALLS_PER_SECOND = 100;
/** A fifth of the time for which the vendor holds an empty pull. It would deliver a visible event sooner than that. */
const WAITED_AFTER_MS = 1_000;

export function createTencentVodSource(options: TencentVodSourceOptions): TencentVodSource {
  const { subAppId, waitedAfterMs = WAITED_AFTER_MS } = options;
  const name = sourceName(subAppId);
  const application = subAppId === undefined ? {} : { SubAppId: subAppId };
  const { request, close } = createVodClient(options);

  return {
    name,
    vendor: VENDOR,
    windowMs: options.windowMs ?? WINDOW_MS,
    retentionMs: RETENTION_MS,
    batchSize: BATCH_SIZE,
    ignoresMax: true,
    fills: true,
    maxCallsPerSecond: options.maxCallsPerSecond ?? CALLS_PER_SECOND,
    ...(options.isPushed && { pushMemoryMs: PUSH_MEMORY_MS }),

    async pull(_max, signal): Promise<Pulled> {
      const asked = performance.now();
      const { EventSet } = await request("PullEvents", application, PullReply, signal).catch(noEvent);
      const items = EventSet ?? [];
      const waited = items.length === 0 && performance.now() - asked >= waitedAfterMs;
      return { deliveries: items.flatMap((item) => toDelivery(item)), waited };
    },

    async confirm(receipts, signal) {
      const params = { ...application, EventHandles: receipts };
      if (receipts.length > 0) await request("ConfirmEvents", params, ConfirmReply, signal);
      return { refused: [] };
    },

    check: (signal) => checkAccount(request, application, signal),

    async backlog(signal) {
      const { CountOfEventsToPull } = await request("DescribeEventsState", application, EventsState, signal);
      return CountOfEventsToPull;
    },

    close,
  };

  /** If one item cannot be read, the others are still delivered. */
  function toDelivery(item: unknown): Delivery[] {
    // By hand, since a schema would drop a field called __proto__.
    const { EventHandle: receipt, ...sent } = isObject(item) ? item : {};
    if (typeof receipt !== "string" || receipt === "") {
      options.log.error(
        { ...OFTEN, source: name },
        "an event without a usable EventHandle can be neither handled nor confirmed",
      );
      return [];
    }
    const kept = storable(sent);
    if (!kept) {
      const type = typeOf(sent);
      options.log.error({ ...OFTEN, source: name, type }, "an event nested too deep to be stored stays at the vendor");
      return [];
    }
    const body = withoutNulls(kept);
    return [{ receipt, type: typeOf(body), body, fingerprint: fingerprint(name, identityOf(body)) }];
  }
}

const PullReply = z.object({ EventSet: z.array(z.unknown()).nullish() });
const ConfirmReply = z.object({});

/** Only this exact code: its sub-codes are real errors. */
function noEvent(err: unknown): z.infer<typeof PullReply> {
  if (err instanceof VodError && err.code === "ResourceNotFound") return {};
  throw err;
}
