/**
 * The endpoints that vendors push to. A call gets its 200 only once its events are durable. A forged call ends in this
 * file, and the answer does not say why.
 */
import { Hono } from "hono";
import type { Logger } from "pino";
import { ForgedError } from "../../core/errors.ts";
import { OFTEN } from "../../core/log-groups.ts";
import type { PushInbox, StorableEvent } from "../../core/inbox.ts";
import type { Meter } from "../../core/meter.ts";
import type { PushedCall, Receiver } from "../../core/receiver.ts";
import type { HttpEnv } from "../access/guard.ts";
import { isSameSecret } from "../../core/same-secret.ts";
import { createInHand, type Place } from "./in-hand.ts";
import type { SubjectsOf } from "../../desk/subjects.ts";
import { readBody } from "./read-body.ts";
import { HOW_TO_MAKE_ROOM } from "../../core/problems.ts";

export type ReceiversOptions = {
  readonly receivers: readonly Receiver[];
  readonly settings: {
    /** The unguessable end of every path. Several while it is changed, which may happen while the worker runs. */
    readonly suffixes?: readonly string[] | undefined;
    /** The most bytes that all calls together may hold in memory until they are stored. */
    readonly maxBytesInHand: number;
  };
  readonly inbox: PushInbox;
  /** Finds the subjects of an event, for the search. */
  readonly subjectsOf?: SubjectsOf;
  readonly log: Logger;
  readonly meter: Meter;
};

/** The most calls at a time. Further calls are answered 503, and vendors repeat them within seconds. */
const MAX_IN_HAND = 256;

const ANSWERS = {
  taken: ["ok\n", 200],
  "cut-off": ["cut off\n", 400],
  forged: ["no\n", 401],
  "too-large": ["too large\n", 413],
  busy: ["busy\n", 503],
  full: ["full\n", 503],
  failed: ["not now\n", 503],
} as const;

type Outcome = keyof typeof ANSWERS;

export function callbacks({ receivers, settings, inbox, subjectsOf, log, meter }: ReceiversOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  const { maxBytesInHand } = settings;
  const inHand = createInHand({ maxCalls: MAX_IN_HAND, maxBytes: maxBytesInHand });

  // The longest path first: the path of a sub-application looks like the vendor's path with a suffix.
  for (const receiver of receivers.toSorted((a, b) => b.path.length - a.path.length)) {
    app.post(`${receiver.path}/:suffix?`, async (c) => {
      if (!isKnownSuffix(c.req.param("suffix") ?? "", settings.suffixes)) return c.notFound();
      const place = inHand.take();
      const outcome = place ? await take(receiver, c.req, place).finally(() => place.leave()) : "busy";
      if (outcome === "busy") tellBusy();
      if (outcome === "full") tellFull();
      meter.count("callbacks", { vendor: receiver.vendor, outcome });
      const [text, status] = ANSWERS[outcome];
      return c.text(text, status);
    });
  }
  return app;

  async function take(receiver: Receiver, request: IncomingCall, place: Place): Promise<Outcome> {
    const { vendor } = receiver;
    try {
      const events = await read(receiver, request, place, subjectsOf);
      return typeof events === "string" ? events : await store(receiver, events);
    } catch (err) {
      if (err instanceof ForgedError) {
        log.warn({ ...OFTEN, vendor, reason: err.message }, "refused a callback that is not genuine");
        return "forged";
      }
      log.error({ err, vendor }, "a callback could not be stored; its vendor is told to try again");
      return "failed";
    }
  }

  async function store({ vendor, memoryMs, patienceMs }: Receiver, events: readonly StorableEvent[]): Promise<Outcome> {
    const signal = AbortSignal.timeout(patienceMs);
    const verdicts = await Promise.all(events.map((event) => inbox.push(event, memoryMs, signal)));
    for (const [index, verdict] of verdicts.entries()) {
      meter.count("deliveries", { source: events[index]?.source ?? vendor, verdict, door: "push" });
      log.debug({ source: events[index]?.source, type: events[index]?.type, verdict }, "delivery");
    }
    return verdicts.includes("refuse") ? "full" : "taken";
  }

  function tellBusy(): void {
    log.warn(
      { ...OFTEN, maxCalls: MAX_IN_HAND, maxBytes: maxBytesInHand },
      "too many callbacks are being stored, more are answered 503: check whether Redis is slow or somebody floods the callback paths; CALLBACK_MAX_BYTES_IN_HAND sets the limit in bytes",
    );
  }

  function tellFull(): void {
    log.error(OFTEN, `too many callbacks wait in Redis, more are answered 503: ${HOW_TO_MAKE_ROOM}`);
  }
}

/** All are always compared, so that the time does not reveal which one fits. */
function isKnownSuffix(given: string, suffixes: readonly string[] = [""]): boolean {
  return suffixes.map((suffix) => isSameSecret(given, suffix)).includes(true);
}

type IncomingCall = { readonly raw: Request; header(): Record<string, string> };

/** A function of its own, so that the bytes and the parsed body are freed before the events are stored. */
async function read(
  receiver: Receiver,
  request: IncomingCall,
  place: Place,
  subjectsOf: SubjectsOf | undefined,
): Promise<readonly StorableEvent[] | Outcome> {
  const body = await readBody(request.raw, place).catch(() => "cut-off" as const);
  if (typeof body === "string") return body;
  const events = eventsOf(receiver, { headers: request.header(), body }, subjectsOf);
  // As JSON text a body may be longer than it arrived, for example with invalid bytes or numbers such as 1e20.
  return place.hold(events.reduce((sum, { bodyJson }) => sum + Buffer.byteLength(bodyJson), 0)) ? events : "busy";
}

function eventsOf(receiver: Receiver, call: PushedCall, subjectsOf?: SubjectsOf): readonly StorableEvent[] {
  const traceparent = TRACE.exec(call.headers["traceparent"] ?? "")?.[0];
  const trace = traceparent === undefined ? {} : { traceparent };
  return receiver.receive(call).map(({ source, type, fingerprint, body }) => {
    const event = { vendor: receiver.vendor, source, type, fingerprint, bodyJson: JSON.stringify(body) };
    return Object.assign(event, trace, subjectsOf && { subjects: subjectsOf(receiver.vendor, body) });
  });
}

/** The ids of a trace and of the call in it. Proxies send this header, vendors do not. */
const TRACE = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
