import { PermanentError } from "../core/errors.ts";
import { sleep } from "../core/sleep.ts";
import type { Handler, HandlerContext } from "../core/handler.ts";
import { onSnapshots } from "../media/snapshots.ts";

/**
 * The demo's handlers: one that is quick, one that fails sometimes, one that always fails, one slower than 30 s, and
 * one for pictures.
 */
const handlers: readonly Handler[] = [
  { vendor: "*", type: "*", run: (context) => work(context, 50, 400) },
  ...onSnapshots(({ items, taskId }, context) => {
    context.log.info({ taskId, pictures: items.filter(({ ok }) => ok).length, of: items.length }, "pictures");
    return work(context, 50, 400);
  }),
  {
    vendor: "*",
    type: "TranscodeComplete",
    async run(context) {
      await work(context, 100, 300);
      if (Math.random() < 0.4) throw new Error("the video service is busy (made up by the demo)");
    },
  },
  {
    vendor: "*",
    type: "FileDeleted",
    run() {
      throw new PermanentError("no record of the deleted files (made up by the demo)");
    },
  },
  { vendor: "*", type: "ProcedureStateChanged", run: (context) => work(context, 35_000, 50_000) },
];

export default handlers;

async function work({ log, signal, attempt }: HandlerContext, leastMs: number, mostMs: number): Promise<void> {
  const ms = Math.round(leastMs + Math.random() * (mostMs - leastMs));
  await sleep(ms, signal);
  signal.throwIfAborted();
  log.info({ ms, attempt }, "handled by the demo");
}
