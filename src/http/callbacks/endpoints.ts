/**
 * Where vendors push to. A call gets its 200 only once its events are durable; what is not genuine never gets further than
 * this file, and no answer says why.
 */
import { Hono } from "hono";
import type { Logger } from "pino";
import { ForgedError } from "../../core/errors.ts";
import type { PushInbox, StorableEvent } from "../../core/inbox.ts";
import type { Meter } from "../../core/meter.ts";
import type { PushedCall, Receiver } from "../../core/receiver.ts";
import type { HttpEnv } from "../access/guard.ts";
import { readBody } from "./read-body.ts";
import { isSameSecret } from "../access/secret.ts";

export type ReceiversOptions = {
  readonly receivers: readonly Receiver[];
  /** The unguessable end of every path, if there is one. */
  readonly suffix: string | undefined;
  readonly inbox: PushInbox;
  readonly log: Logger;
  readonly meter: Meter;
};

const MAX_BODY_BYTES = 1024 * 1024;
/** Calls in hand at once; what comes on top is told to come back. Vendors do, within seconds. */
const MOST_AT_ONCE = 256;
/** Forged calls are logged at most this often; the metric counts them all. */
const LOG_EVERY_MS = 10_000;

export function callbacks({ receivers, suffix, inbox, log, meter }: ReceiversOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  let inHand = 0;
  let toldAt = -Infinity;

  // The longest path first: the one of a sub-application looks like its vendor's with a suffix.
  for (const receiver of receivers.toSorted((a, b) => b.path.length - a.path.length)) {
    const { vendor } = receiver;
    const answered = (outcome: string): void => meter.count("callbacks", { vendor, outcome });
    app.post(`${receiver.path}/:suffix?`, async (c) => {
      if (!isSameSecret(c.req.param("suffix") ?? "", suffix ?? "")) return c.notFound();
      if (inHand >= MOST_AT_ONCE) {
        answered("busy");
        return c.text("busy\n", 503);
      }
      inHand += 1;
      try {
        const body = await readBody(c.req.raw, MAX_BODY_BYTES).catch(() => "cut-off" as const);
        if (body === "cut-off") {
          answered("cut-off");
          return c.text("cut off\n", 400);
        }
        if (!body) {
          answered("too-large");
          return c.text("too large\n", 413);
        }
        const outcome = await take(receiver, { headers: c.req.header(), body });
        answered(outcome);
        if (outcome === "taken") return c.text("ok\n");
        return outcome === "forged" ? c.text("no\n", 401) : c.text("not now\n", 503);
      } finally {
        inHand -= 1;
      }
    });
  }
  return app;

  async function take(receiver: Receiver, call: PushedCall): Promise<"taken" | "forged" | "failed"> {
    const { vendor, memoryMs, patienceMs } = receiver;
    try {
      const events = eventsOf(receiver, call);
      const signal = AbortSignal.timeout(patienceMs);
      const verdicts = await Promise.all(events.map((event) => inbox.push(event, memoryMs, signal)));
      for (const [index, verdict] of verdicts.entries()) {
        meter.count("deliveries", { source: events[index]?.source ?? vendor, verdict });
        log.debug({ source: events[index]?.source, type: events[index]?.type, verdict }, "delivery");
      }
      return "taken";
    } catch (err) {
      if (err instanceof ForgedError) {
        tellForged(vendor, err);
        return "forged";
      }
      log.error({ err, vendor }, "a callback could not be stored; its vendor is told to try again");
      return "failed";
    }
  }

  function tellForged(vendor: string, err: ForgedError): void {
    if (performance.now() - toldAt < LOG_EVERY_MS) return;
    toldAt = performance.now();
    log.warn({ vendor, reason: err.message }, "a callback is not genuine, refused");
  }
}

/** Ends before they are stored, so that no parsed body is kept meanwhile. */
function eventsOf(receiver: Receiver, call: PushedCall): readonly StorableEvent[] {
  return receiver.receive(call).map(({ source, type, fingerprint, body }) => {
    return { vendor: receiver.vendor, source, type, fingerprint, bodyJson: JSON.stringify(body) };
  });
}
