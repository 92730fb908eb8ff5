import { fork } from "node:child_process";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { settledBefore } from "../../core/sleep.ts";

const Running = z.object({ url: z.string(), pagesUrl: z.string().optional() });
const Message = z.union([z.object({ loaded: z.string() }), z.object({ running: Running })]);
/** The messages of the worker's process to its parent. */
export type Message = z.input<typeof Message>;
export type Running = z.output<typeof Running>;

export type ChildOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of its log, or a line that a handler printed. */
  readonly onLine: (line: string) => void;
  /** A loaded file that belongs to no package. */
  readonly onLoaded: (file: string) => void;
  readonly onRunning: (running: Running) => void;
  /** How long an orderly stop takes at most. */
  readonly stopMs: number;
};

export type Child = {
  readonly ended: Promise<void>;
  /** Stops in order. A process that hangs is killed. */
  stop(): Promise<void>;
};

/** `.ts` in a clone, `.js` in the package. */
const WORKER = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);

/**
 * The worker has its own process group, so that Ctrl-C reaches only this process. This process then stops the worker.
 */
export function startChild({ env, onLine, onLoaded, onRunning, stopMs }: ChildOptions): Child {
  const child = fork(WORKER, [], { env, detached: true, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const ended = Promise.withResolvers<void>();
  child.on("error", ended.reject);
  // Not "exit": the worker's last lines may arrive after it.
  child.on("close", () => ended.resolve());
  child.on("message", (sent) => {
    const message = Message.parse(sent);
    if ("loaded" in message) onLoaded(message.loaded);
    else onRunning(message.running);
  });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", onLine);

  return {
    ended: ended.promise,
    async stop() {
      child.kill("SIGTERM");
      if (!(await settledBefore(ended.promise, AbortSignal.timeout(stopMs)))) child.kill("SIGKILL");
      await ended.promise;
    },
  };
}
