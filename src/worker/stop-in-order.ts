import type { Logger } from "pino";
import type { Confirmer } from "../core/confirmer.ts";
import type { Poller } from "../core/poller.ts";
import type { Processor } from "../core/processor.ts";
import type { Work } from "./work.ts";

export type StopOptions = {
  readonly work: Pick<Work, "pause" | "close"> | undefined;
  readonly pollers: readonly Poller[];
  readonly processor: Processor | undefined;
  readonly confirmers: ReadonlyMap<string, Confirmer>;
  readonly closeHandlers: () => Promise<void>;
  readonly cleanUp: () => Promise<void>;
  readonly graceMs: number;
  readonly log: Logger;
};

/**
 * The grace period is one budget. Handlers get most of it. Then aborted handlers get a moment to end, and completions
 * and receipts follow.
 */
export async function stopInOrder(options: StopOptions): Promise<void> {
  const { work, pollers, processor, confirmers, closeHandlers, cleanUp, graceMs, log } = options;
  const until = (share: number): AbortSignal => AbortSignal.timeout(graceMs * share);
  const [handlersEnd, completionsEnd, receiptsEnd] = [until(0.75), until(0.88), until(1)];
  log.info({ running: processor?.running ?? 0, graceMs }, "stopping");
  await work?.pause();
  await Promise.all([
    ...pollers.map((poller) => poller.stop(handlersEnd)),
    processor?.drain(handlersEnd, graceMs * 0.08),
  ]);
  await work?.close(completionsEnd);
  await Promise.all([closeHandlers(), ...[...confirmers.values()].map((confirmer) => confirmer.close(receiptsEnd))]);
  await cleanUp();
  log.info({ abandoned: processor?.running ?? 0 }, "stopped");
}
