/** The whole worker, as `npm start` builds it. */
import { destination, pino } from "pino";
import { z } from "zod";
import { startApp } from "../../src/worker/app.ts";
import { readConfig } from "../../src/config/config.ts";
import type { HandlerContext } from "../../src/core/handler.ts";
import { serve, startCost } from "../serve.ts";
import { forget, handled, noteStart } from "./handling.ts";
import { CREDENTIALS } from "./credentials.ts";

const Start = z.object({
  redisUrl: z.string(),
  vendorUrl: z.string(),
  concurrency: z.number(),
  windowMs: z.number(),
  /** Handlers end only after `release`. */
  blocked: z.boolean(),
});

const gate = Promise.withResolvers<void>();
let cost = startCost();

serve({
  async start(input) {
    const { redisUrl, vendorUrl, concurrency, windowMs, blocked } = Start.parse(input);
    cost = startCost();
    const config = readConfig({
      TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
      TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
      TENCENT_VOD_ENDPOINT: vendorUrl,
      TENCENT_VOD_MAX_QPS: "10000",
      TENCENT_VOD_CONFIRM_WINDOW_MS: String(windowMs),
      REDIS_URL: redisUrl,
      CONCURRENCY: String(concurrency),
      MAX_WAITING: "1000000",
      PORT: "0",
    });
    const run = ({ event }: HandlerContext): unknown => {
      noteStart(event.body);
      return blocked ? gate.promise : undefined;
    };
    const log = pino({ level: "warn", base: null }, destination(2));
    await startApp({ config, handlers: { list: [{ vendor: "*", type: "*", run }] }, log });
  },
  release: () => gate.resolve(),
  cost: () => cost(),
  handled,
  forget,
});
