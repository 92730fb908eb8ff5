import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { createHandlers, type Handlers } from "../core/handlers.ts";
import { settledBefore } from "../core/sleep.ts";
import type { Sink } from "../core/sink.ts";
import { assertRoomToForward } from "./check-handlers.ts";
import { forward } from "./forward/forward.ts";
import type { LoadedHandlers } from "./load-handlers.ts";

export type PreparedHandlers = {
  readonly handlers: Handlers;
  /** The archive of handled events, if there is one. */
  readonly archive?: Omit<Sink, "notes">;
  /** Calls `close` of the handlers' module after the last handler. Never rejects, and may be called twice. */
  readonly close: () => Promise<void>;
};

/** Shorter than the overtime after which the process exits. */
const CLOSE_MS = 3_000;

/** A hanging archive times out well before a handler would. */
const ARCHIVE_MS = 60_000;

/** The user's handlers, with forward and archive as configured. */
export async function prepareHandlers(
  { list, close: closeModule = () => {} }: LoadedHandlers,
  config: Pick<Config, "forward" | "archive" | "queue">,
  log: Pick<Logger, "error" | "warn" | "info">,
): Promise<PreparedHandlers> {
  assertRoomToForward(config, list);
  const { queue } = config;
  const archive =
    config.archive && (await (await import("./archive/archive.ts")).openArchive({ ...config.archive, log }));
  const all = [...list, ...(config.forward ? [forward(config.forward)] : [])];
  const { attempts, backoffMs, handlerTimeoutMs: timeoutMs } = queue;
  const handlers = createHandlers(all, { attempts, backoffMs, timeoutMs });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeAll());
  if (!archive) return { handlers, close };
  const terms = { attempts, backoffMs, timeoutMs: Math.min(timeoutMs, ARCHIVE_MS) };
  const run: Sink["run"] = ({ event, signal }) => archive.append(event, signal);
  return { handlers, close, archive: { name: "the archive", run, ...terms } };

  async function closeAll(): Promise<void> {
    await Promise.all([archive?.close(), closeOwn()]);
  }

  async function closeOwn(): Promise<void> {
    const closing = (async () => closeModule())().catch((err: unknown) =>
      log.error({ err }, "the export close of the handlers module failed"),
    );
    if (!(await settledBefore(closing, AbortSignal.timeout(CLOSE_MS))))
      log.error(`the export close of the handlers module took longer than ${CLOSE_MS} ms and is given up`);
  }
}
