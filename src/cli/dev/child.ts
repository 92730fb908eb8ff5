import { fork } from "node:child_process";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { settledBefore } from "../../core/sleep.ts";

const Running = z.object({ url: z.string(), pagesUrl: z.string().optional() });
const Message = z.union([z.object({ loaded: z.string() }), z.object({ running: Running })]);
/** What the worker's process tells its parent. */
export type Message = z.input<typeof Message>;
export type Running = z.output<typeof Running>;

export type ChildOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of its log, or of what handlers print. */
  readonly onLine: (line: string) => void;
  /** A file it has loaded, packages apart. */
  readonly onLoaded: (file: string) => void;
  readonly onRunning: (running: Running) => void;
  /** How long an orderly stop takes at most. */
  readonly stopMs: number;
};

export type Child = {
  readonly ended: Promise<void>;
  /** In order. Only one that hangs is killed. */
  stop(): Promise<void>;
};

/** The same kind of file in a clone and in the package. */
const WORKER = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);

/** A worker in a process and a process group of its own: Ctrl-C reaches this process alone, which then stops that one. */
export function startChild({ env, onLine, onLoaded, onRunning, stopMs }: ChildOptions): Child {
  const child = fork(WORKER, [], { env, detached: true, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const ended = Promise.withResolvers<void>();
  child.on("error", ended.reject);
  // Not "exit": by then some of its lines may still be on their way.
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
