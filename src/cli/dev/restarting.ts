import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type Restarting = {
  /** Ends the process in order, and starts it anew once it has ended. */
  restart(why: string): void;
  /** Resolves when it has ended for good. */
  stop(): Promise<void>;
};

type Options = {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly line: (text: string) => void;
  readonly say: (text: string) => void;
};

/**
 * One process at a time. It is asked to stop and never killed: what it runs is finished or goes back to the queue, so
 * that no event is lost or repeated. One that ends by itself, as over a mistake in the handlers, is not started again
 * before something changed.
 */
export function keepRestarting({ command: [file, ...args], env, line, say }: Options): Restarting {
  let child: ChildProcess | undefined;
  let changed = Promise.withResolvers<void>();
  let isChanged = false;
  const stopping = new AbortController();
  const running = run();

  return {
    restart(why) {
      if (stopping.signal.aborted) return;
      say(why);
      isChanged = true;
      changed.resolve();
      child?.kill("SIGTERM");
    },
    async stop() {
      stopping.abort();
      changed.resolve();
      child?.kill("SIGTERM");
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      changed = Promise.withResolvers();
      isChanged = false;
      await runOnce();
      if (!stopping.signal.aborted && !isChanged) say("the worker ended; it starts again when a file changes");
      if (!stopping.signal.aborted) await changed.promise;
    }
  }

  async function runOnce(): Promise<void> {
    const started = spawn(file, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    child = started;
    createInterface({ input: started.stdout }).on("line", line);
    const ended = Promise.withResolvers<void>();
    started.once("error", ended.reject);
    started.once("close", () => ended.resolve());
    await ended.promise;
    child = undefined;
  }
}
