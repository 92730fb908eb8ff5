/**
 * Handlers for workers in tests. The `Script` in each event says what its handler does. Every run is written to a file at
 * once, so that the note survives a SIGKILL. Tencent's events carry the script inside `FileUploadEvent`. All others carry
 * it at the top level, beside the `Key` that identifies them.
 */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as nap } from "node:timers/promises";
import { z } from "zod";
import { PermanentError } from "../../src/core/errors.ts";
import type { BatchRun, Handler, HandlerContext } from "../../src/core/handler.ts";

export const Script = z.object({
  /** The time that the handler takes. */
  ms: z.number().default(0),
  /** The extra time, if others run at the same moment. */
  msBeside: z.number().default(0),
  /** The number of first attempts that fail. */
  failures: z.number().default(0),
  permanent: z.boolean().default(false),
  /** The handler fails until this file exists. */
  failsWithout: z.string().optional(),
  /** The handler kills its process until this file exists. */
  killsWithout: z.string().optional(),
  /** The handler first has an effect, a `charge` note, inside a step. */
  charges: z.boolean().default(false),
  /** The handler keeps working when it is told to stop. */
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

/** The limits of the upload handler. The order key is the part of `key` before the colon. */
export const Limits = z.object({
  concurrency: z.number().optional(),
  perSecond: z.number().optional(),
  isOrdered: z.boolean().default(false),
  /** Adds a batch handler, for events whose key starts with `IN_BATCH`. */
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

  /** Each member of the batch ends as its own script says. */
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
