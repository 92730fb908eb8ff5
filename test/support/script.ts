/**
 * Handlers of workers in tests: each event's `Script` says what its handler does, and every run is written down at once,
 * so that it is known after a SIGKILL too. Tencent's events carry it where their content is, the others' at the top,
 * beside the `Key` they are known by.
 */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as nap } from "node:timers/promises";
import { z } from "zod";
import { PermanentError } from "../../src/core/errors.ts";
import type { BatchRun, Handler, HandlerContext } from "../../src/core/handler.ts";

export const Script = z.object({
  /** How long it works. */
  ms: z.number().default(0),
  /** How much longer, if others run beside it. */
  msBeside: z.number().default(0),
  /** How many of its first attempts fail. */
  failures: z.number().default(0),
  permanent: z.boolean().default(false),
  /** Fails as long as this file does not exist. */
  failsWithout: z.string().optional(),
  /** Kills its process as long as this file does not exist. */
  killsWithout: z.string().optional(),
  /** Has an effect first, in a step. */
  charges: z.boolean().default(false),
  /** Goes on when it is told to stop. */
  deaf: z.boolean().default(false),
});

export type Script = z.input<typeof Script>;

export const RunNote = z.object({
  phase: z.enum(["start", "charge", "success", "failure"]),
  at: z.number(),
  pid: z.number(),
  id: z.string(),
  key: z.string(),
  attempt: z.number(),
});

export type RunNote = z.infer<typeof RunNote>;

const UploadBody = z.object({ FileUploadEvent: z.object({ FileId: z.string(), Script: Script.prefault({}) }) });
const KeyedBody = z.object({ Key: z.string(), Script: Script.prefault({}) });

const Body = z.union([
  UploadBody.transform(({ FileUploadEvent: { FileId: key, Script: script } }) => ({ key, script })),
  KeyedBody.transform(({ Key: key, Script: script }) => ({ key, script })),
]);

/** Those of the handler of uploads. Its order goes by what stands before the colon of a key. */
export const Limits = z.object({
  concurrency: z.number().optional(),
  perSecond: z.number().optional(),
  isOrdered: z.boolean().default(false),
  /** Of the handler of events whose keys begin with `IN_BATCH`, which there is only with this. */
  batch: z.object({ size: z.number(), lingerMs: z.number() }).optional(),
});

type Terms = { readonly runsFile: string; readonly limits?: z.output<typeof Limits> };

type Played = Pick<HandlerContext, "event" | "attempt" | "signal"> & Partial<Pick<HandlerContext, "step">>;

export function scriptedHandlers({
  runsFile,
  limits: { isOrdered, batch, ...limits } = { isOrdered: false },
}: Terms): Handler[] {
  let running = 0;
  return [
    {
      vendor: "tencent-vod",
      type: "NewFileUpload",
      run,
      ...withoutGaps(limits),
      ...(isOrdered && {
        orderKey: ({ body }: Pick<HandlerContext["event"], "body">) => Body.parse(body).key.split(":")[0],
      }),
    },
    ...(batch ? [{ vendor: "tencent-vod", type: "FileDeleted", run, batch: { ...batch, run: runBatch } }] : []),
    { vendor: "alibaba-vod", type: "*", run },
    { vendor: "zegocloud", type: "*", run },
    { vendor: "aws-mediaconvert", type: "*", run },
  ];

  async function run(context: HandlerContext): Promise<void> {
    running += 1;
    try {
      await play(context);
    } finally {
      running -= 1;
    }
  }

  /** Each member ends as its own script says. */
  async function runBatch(...[events, { signal }]: Parameters<BatchRun["run"]>): Promise<ReadonlyMap<string, unknown>> {
    const wrong = new Map<string, unknown>();
    const members = events.map(({ event, attempt }) =>
      play({ event, attempt, signal }).catch((err: unknown) => wrong.set(event.id, err)),
    );
    await Promise.all(members);
    return wrong;
  }

  async function play({ event, attempt, signal, step }: Played): Promise<void> {
    const { key, script } = Body.parse(event.body);
    const note = (phase: RunNote["phase"]): void => {
      const line: RunNote = { phase, at: Date.now(), pid: process.pid, id: event.id, key, attempt };
      appendFileSync(runsFile, `${JSON.stringify(line)}\n`);
    };
    note("start");
    try {
      if (script.charges) await step?.("charge", () => note("charge"));
      await nap(script.ms, undefined, script.deaf ? {} : { signal });
      if (script.killsWithout && !existsSync(script.killsWithout)) process.kill(process.pid, "SIGKILL");
      if (running > 1) await nap(script.msBeside, undefined, { signal });
      if (script.permanent) throw new PermanentError("hopeless, says the test");
      if (attempt <= script.failures) throw new Error(`attempt ${attempt} fails, says the test`);
      if (script.failsWithout && !existsSync(script.failsWithout)) throw new Error("not yet, says the test");
    } catch (err) {
      note("failure");
      throw err;
    }
    note("success");
  }
}

function withoutGaps({ concurrency, perSecond }: Partial<z.output<typeof Limits>>) {
  return { ...(concurrency !== undefined && { concurrency }), ...(perSecond !== undefined && { perSecond }) };
}
