/** The whole worker, built like `npm start`. Its handlers do what their events say. */
import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Redis } from "ioredis";
import { destination, multistream, pino } from "pino";
import { z } from "zod";
import { startApp } from "../../src/worker/app.ts";
import { readConfig } from "../../src/config/config.ts";
import { messageOf } from "../../src/core/failure.ts";
import type { HandlerContext } from "../../src/core/handler.ts";
import { sleep } from "../../src/core/sleep.ts";
import { forward } from "../../src/worker/forward/forward.ts";
import { createHeapCounter } from "../soak/heap-counts.ts";
import { EventPlan } from "../soak/event-plan.ts";
import { createLeaks } from "../soak/leaks.ts";
import type { Tallied, WorkerState } from "../soak/replies.ts";
import { Tally } from "../soak/tally.ts";
import { environmentOf, WorkerSettings } from "../soak/worker-settings.ts";
import { serve } from "../kit/serve.ts";

const FORWARD_SECRET = "whsec_cmVsaWFibGUtY2FsbGJhY2stYmVuY2gtc2VjcmV0";
const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));

const countHeap = createHeapCounter();
let tally = new Tally(0);
let errors = 0;

serve({
  async start(input) {
    const settings = WorkerSettings.parse(input);
    tally = new Tally(settings.mostEvents);
    const handler = { vendor: "*", type: "*", run: createRun(settings) };
    const config = readConfig(environmentOf(settings));
    const { url } = await startApp({ config, handlers: { list: [handler] }, log: createLog() });
    return url;
  },
  async state(): Promise<WorkerState> {
    const alive = await countHeap();
    await collectGarbage();
    const { heapUsed: heapBytes, external: externalBytes, rss: rssBytes } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    const count = (kind: RegExp): number => resources.filter((name) => kind.test(name)).length;
    return {
      heapBytes,
      externalBytes,
      rssBytes,
      descriptors: readdirSync("/dev/fd").length,
      sockets: count(/^(?:TCP|Pipe|TLS)/),
      activeTimers: count(/^(?:Timeout|Immediate)$/),
      heapCounts: alive,
      warnings,
      errors,
    };
  },
  tally: (input): Tallied => tally.read(z.number().parse(input)),
});

function createRun({ redisUrl, vendors, leaks }: WorkerSettings) {
  const leak = createLeaks(leaks, new Redis(redisUrl));
  const toSink = forward({ url: vendors.sinkUrl, secrets: FORWARD_SECRET });

  return async (context: HandlerContext): Promise<void> => {
    const plan = EventPlan.parse(context.event.body["Soak"]);
    try {
      await go(plan, context);
      tally.succeeded(plan.n);
    } catch (err) {
      if (context.attempt <= plan.failures) tally.failedAsPlanned(plan.n, context.attempt);
      else tally.failed(messageOf(err));
      throw err;
    }
  };

  async function go({ failures, takesMs, forwards }: EventPlan, context: HandlerContext): Promise<void> {
    const { event, attempt, signal } = context;
    // Much code that handlers pass their signal to never removes its listener.
    signal.addEventListener("abort", () => {}, { once: true });
    if (attempt <= failures) throw new Error("as its event says");
    leak(event.body);
    if (takesMs > 0) await sleep(takesMs, signal);
    if (forwards) await toSink.run(context);
  }
}

/** A production log that goes nowhere. Errors are shown and counted. */
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

/** Counting the heap leaves garbage of its own. */
async function collectGarbage(): Promise<void> {
  await setImmediate();
  globalThis.gc?.();
}
