/** The whole worker, built like `npm start`. */
import { setTimeout as sleep } from "node:timers/promises";
import { destination, pino } from "pino";
import { z } from "zod";
import { startApp } from "../../src/worker/app.ts";
import { readConfig } from "../../src/config/config.ts";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import { SeriesMeter } from "../../src/desk/series-meter.ts";
import type { JsonObject } from "../../src/core/event.ts";
import type { HandlerContext, HandlerResult } from "../../src/core/handler.ts";
import { SLOW_MS } from "../rows/odd.ts";
import { VendorEnv } from "../kit/replies.ts";
import { noteStart, serveConsumer } from "./handling.ts";

const Start = z.object({
  redisUrl: z.string(),
  env: VendorEnv,
  concurrency: z.number(),
  maxWaiting: z.number().default(1_000_000),
  handlerMs: z.number().default(0),
  /** The fate of odd events. */
  odd: z.enum(["slow", "fails", "later", "parks", "owed", "holds"]).optional(),
  /** How long the handlers of the fate `holds` take at least. They also wait for `release`. */
  holdMs: z.number().default(0),
  callsPerSecond: z.number().default(10_000),
  historyEvents: z.number().default(200_000),
  keepsSeries: z.boolean().default(true),
});

const LATER_MS = 3_600_000;
/** The most that the setting allows. */
const MOST_PLACES = 1_000;
const gate = Promise.withResolvers<void>();

type OddTerms = { readonly body: JsonObject; readonly holdMs: number };

const later = () => Promise.reject(new RetryAfterError("odd", LATER_MS));
const parks = () => Promise.reject(new PermanentError("odd"));
const ODD = {
  slow: () => sleep(SLOW_MS),
  fails: () => Promise.reject(new Error("odd")),
  later,
  parks,
  /** Without the parked ones, the worker would pull nothing beside a million. */
  owed: ({ body }: OddTerms) => (body["Parks"] === true ? parks() : later()),
  holds: ({ holdMs }: OddTerms) => Promise.all([sleep(holdMs), gate.promise]),
};

const nothing = (): void => {};
let oddRuns = 0;

serveConsumer(start, { release: () => gate.resolve(), oddRuns: () => oddRuns });

async function start(input: unknown): Promise<void> {
  const { historyEvents, keepsSeries, ...options } = Start.parse(input);
  const { redisUrl, env, concurrency, maxWaiting, handlerMs, odd, holdMs, callsPerSecond } = options;
  const config = readConfig({
    ...env,
    TENCENT_VOD_MAX_QPS: String(callsPerSecond),
    REDIS_URL: redisUrl,
    CONCURRENCY: String(Math.min(concurrency, MOST_PLACES)),
    MAX_WAITING: String(maxWaiting),
    HISTORY_EVENTS: String(historyEvents),
    PORT: "0",
  });
  const run = ({ event }: HandlerContext): HandlerResult => {
    noteStart(event.body);
    if (odd && event.body["Odd"] === true) {
      oddRuns += 1;
      return ODD[odd]({ body: event.body, holdMs });
    }
    return handlerMs > 0 ? sleep(handlerMs) : undefined;
  };
  const log = pino({ level: odd ? "silent" : "warn", base: null }, destination(2));
  if (!keepsSeries) Object.assign(SeriesMeter.prototype, { count: nothing, observe: nothing });
  await startApp({ config, handlers: { list: [{ vendor: "*", type: "*", run }] }, log });
}
