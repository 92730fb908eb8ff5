import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { createHandlers, type Handlers } from "../core/handlers.ts";
import { settledBefore } from "../core/sleep.ts";
import { archived, openArchive } from "./archive.ts";
import { assertRoomToForward } from "./check-handlers.ts";
import { forward } from "./forward.ts";
import type { LoadedHandlers } from "./load-handlers.ts";

export type PreparedHandlers = {
  readonly handlers: Handlers;
  /** Ends what the handlers share, after the last one. Never rejects; twice without harm. */
  readonly close: () => Promise<void>;
};

/** Less than the overtime of a process that must end. */
const CLOSE_MS = 3_000;

/** The user's handlers, with forward and archive as configured. */
export async function prepareHandlers(
  { list, close = () => {} }: LoadedHandlers,
  config: Pick<Config, "forward" | "archiveDir" | "queue">,
  log: Pick<Logger, "error">,
): Promise<PreparedHandlers> {
  assertRoomToForward(config, list);
  const { archiveDir, queue } = config;
  const archive = archiveDir === undefined ? undefined : await openArchive(archiveDir);
  const all = [...list, ...(config.forward ? [forward(config.forward)] : [])];
  const handlers = createHandlers(archive ? all.map((handler) => archived(handler, archive)) : all, {
    attempts: queue.attempts,
    backoffMs: queue.backoffMs,
    timeoutMs: queue.handlerTimeoutMs,
  });
  let closed: Promise<void> | undefined;
  return { handlers, close: () => (closed ??= closeAll()) };

  async function closeAll(): Promise<void> {
    await Promise.all([archive?.close(), closeOwn()]);
  }

  async function closeOwn(): Promise<void> {
    const closing = (async () => close())().catch((err: unknown) =>
      log.error({ err }, "close of the handlers' module failed"),
    );
    if (!(await settledBefore(closing, AbortSignal.timeout(CLOSE_MS))))
      log.error(`close of the handlers' module took longer than ${CLOSE_MS} ms and is not waited for`);
  }
}
