/** The whole worker, as `npm start` builds it, with handlers that do what their events say. */
import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Redis } from "ioredis";
import { destination, multistream, pino } from "pino";
import { z } from "zod";
import { startApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import type { HandlerContext } from "../../src/core/types.ts";
import { sleep } from "../../src/core/sleep.ts";
import { forward } from "../../src/handlers/forward.ts";
import { createCensus } from "../soak/census.ts";
import { Errand } from "../soak/errand.ts";
import { createLeaks, LEAKS } from "../soak/leaks.ts";
import { type Tallied, VendorAddresses, type WorkerState } from "../soak/replies.ts";
import { Tally } from "../soak/tally.ts";
import { serve } from "../serve.ts";
import { CREDENTIALS, FORWARD_SECRET, MNS_KEYS, SIGN_KEY, SQS_KEYS } from "./credentials.ts";

const Start = z.object({
  redisUrl: z.string(),
  vendors: VendorAddresses,
  concurrency: z.number(),
  windowMs: z.number(),
  graceMs: z.number(),
  callsPerSecond: z.number(),
  mostEvents: z.number(),
  allDoors: z.boolean(),
  leaks: z.array(z.enum(LEAKS)),
});
type Start = z.infer<typeof Start>;

const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));

const census = createCensus();
let tally = new Tally(0);
let errors = 0;

serve({
  async start(input) {
    const start = Start.parse(input);
    tally = new Tally(start.mostEvents);
    const handler = { vendor: "*", type: "*", run: createRun(start) };
    const { url } = await startApp({ config: readConfig(environmentOf(start)), handlers: [handler], log: createLog() });
    return url;
  },
  async state(input): Promise<WorkerState> {
    await collectGarbage();
    const { heapUsed: heapBytes, external: externalBytes, rss: rssBytes } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    const count = (kind: RegExp): number => resources.filter((name) => kind.test(name)).length;
    const descriptors = readdirSync("/dev/fd").length;
    const state = {
      heapBytes,
      externalBytes,
      rssBytes,
      descriptors,
      warnings,
      errors,
      sockets: count(/^(?:TCP|Pipe|TLS)/),
      activeTimers: count(/^(?:Timeout|Immediate)$/),
    };
    return z.boolean().parse(input) ? { ...state, census: await census() } : state;
  },
  tally: (input): Tallied => tally.read(z.number().parse(input)),
});

function createRun({ redisUrl, vendors, leaks }: Start) {
  const leak = createLeaks(leaks, new Redis(redisUrl));
  const toSink = forward({ url: vendors.sinkUrl, secret: FORWARD_SECRET });

  return async (context: HandlerContext): Promise<void> => {
    const { event, attempt, signal } = context;
    const { n, failures, takesMs, forwards } = Errand.parse(event.body["Soak"]);
    // As much of what handlers pass their signal to: it never takes its listener away.
    signal.addEventListener("abort", () => {}, { once: true });
    if (attempt <= failures) {
      tally.failed();
      throw new Error("as its event says");
    }
    leak(event.body);
    if (takesMs > 0) await sleep(takesMs, signal);
    if (forwards) await toSink.run(context);
    tally.succeeded(n);
  };
}

function environmentOf({ redisUrl, vendors, ...start }: Start): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
    TENCENT_VOD_ENDPOINT: vendors.tencentUrl,
    TENCENT_VOD_MAX_QPS: String(start.callsPerSecond),
    TENCENT_VOD_CONFIRM_WINDOW_MS: String(start.windowMs),
    ...(start.allDoors && { TENCENT_VOD_SIGN_KEY: SIGN_KEY }),
    ALIBABA_CLOUD_ACCESS_KEY_ID: MNS_KEYS.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: MNS_KEYS.accessKeySecret,
    ALIBABA_MNS_ENDPOINT: vendors.mnsUrl,
    ALIBABA_MNS_QUEUES: "vod-events",
    AWS_ACCESS_KEY_ID: SQS_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SQS_KEYS.secretAccessKey,
    AWS_MEDIACONVERT_QUEUE_URLS: vendors.sqsQueueUrl,
    CONFIRM_GRACE_MS: String(start.graceMs),
    REDIS_URL: redisUrl,
    CONCURRENCY: String(start.concurrency),
    PORT: "0",
  };
}

/** As in production, but for where it goes; what wants a person is shown. */
function createLog() {
  const shown = {
    write(line: string) {
      errors += 1;
      process.stderr.write(line);
    },
  };
  const streams = [
    { level: "info", stream: destination("/dev/null") },
    { level: "error", stream: shown },
  ] as const;
  return pino({ level: "info", base: null }, multistream([...streams]));
}

/** What is only let go once it is found to be garbage, such as a signal that another one follows, takes a second round. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
}
