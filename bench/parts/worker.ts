/** The whole worker, built like `npm start`. */
import { setTimeout as sleep } from "node:timers/promises";
import { destination, pino } from "pino";
import { z } from "zod";
import { startApp } from "../../src/worker/app.ts";
import { readConfig } from "../../src/config/config.ts";
import { RetryAfterError } from "../../src/core/errors.ts";
import { SeriesMeter } from "../../src/desk/series-meter.ts";
import type { HandlerContext, HandlerResult } from "../../src/core/handler.ts";
import { SLOW_MS } from "../rows/odd.ts";
import { VendorEnv } from "../kit/replies.ts";
import { noteStart, serveConsumer } from "./handling.ts";

const Start = z.object({
  redisUrl: z.string(),
  env: VendorEnv,
  concurrency: z.number(),
  /** Handlers wait until `release`. */
  blocked: z.boolean(),
  maxWaiting: z.number().default(1_000_000),
  handlerMs: z.number().default(0),
  /** The fate of odd events: their handler is slow, fails, or asks to be called again in an hour. */
  odd: z.enum(["slow", "fails", "later"]).optional(),
  callsPerSecond: z.number().default(10_000),
  historyEvents: z.number().default(200_000),
  keepsSeries: z.boolean().default(true),
});

const LATER_MS = 3_600_000;
const ODD = {
  slow: () => sleep(SLOW_MS),
  fails: () => Promise.reject(new Error("odd")),
  later: () => Promise.reject(new RetryAfterError("odd", LATER_MS)),
};

const nothing = (): void => {};
const gate = Promise.withResolvers<void>();

serveConsumer(start, { release: () => gate.resolve() });

async function start(input: unknown): Promise<void> {
  const { historyEvents, keepsSeries, ...options } = Start.parse(input);
  const { redisUrl, env, concurrency, blocked, maxWaiting, handlerMs, odd, callsPerSecond } = options;
  const config = readConfig({
    ...env,
    TENCENT_VOD_MAX_QPS: String(callsPerSecond),
    REDIS_URL: redisUrl,
    CONCURRENCY: String(concurrency),
    MAX_WAITING: String(maxWaiting),
    HISTORY_EVENTS: String(historyEvents),
    PORT: "0",
  });
  const run = ({ event }: HandlerContext): HandlerResult => {
    noteStart(event.body);
    if (odd && event.body["Odd"] === true) return ODD[odd]();
    if (handlerMs > 0) return sleep(handlerMs);
    return blocked ? gate.promise : undefined;
  };
  const log = pino({ level: odd ? "silent" : "warn", base: null }, destination(2));
  if (!keepsSeries) Object.assign(SeriesMeter.prototype, { count: nothing, observe: nothing });
  await startApp({ config, handlers: { list: [{ vendor: "*", type: "*", run }] }, log });
}
