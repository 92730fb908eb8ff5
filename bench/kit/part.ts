import { fork, type ChildProcess } from "node:child_process";
import { basename } from "node:path";
import { z } from "zod";

export type PartOptions = {
  /** The part leaves a CPU profile here when it ends. */
  readonly profileFolder?: string | undefined;
  /** Called when the part ends unexpectedly. Its open questions then reject. */
  readonly onLost?: (err: Error) => void;
};

const Reply = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() });
const ENDS_WITHIN_MS = 5_000;

/**
 * A separate process, so that its cost can be measured alone. It answers questions over Node's channel. It ends with
 * this process, even if this process is killed.
 */
export class Part {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #signal: AbortSignal;
  #asked = 0;
  #ending = false;

  constructor(file: URL, { profileFolder, onLost = () => {} }: PartOptions, signal: AbortSignal) {
    this.name = basename(file.pathname, ".ts");
    const profile = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
    this.#signal = signal;
    this.#child = fork(file, {
      execArgv: ["--expose-gc", ...profile],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.on("message", (message) => this.#answered(message));
    this.#gone = new Promise((resolve) => {
      const lost = (how: string): void => {
        resolve();
        if (this.#ending) return;
        const err = new Error(`${file.pathname} ended by itself: ${how}`);
        this.#rejectAll(err);
        onLost(err);
      };
      this.#child.once("error", (err) => lost(err.message));
      this.#child.once("exit", (code, by) => lost(by ?? `exit code ${code}`));
    });
    signal.addEventListener("abort", this.#kill, { once: true });
    if (signal.aborted) this.#kill();
  }

  get isRunning(): boolean {
    return !this.#ending;
  }

  /** Rejects when the part cannot answer, or when the signal aborts. The error is then the signal's reason. */
  async ask<T>(what: string, input: unknown, reply: z.ZodType<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const id = ++this.#asked;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(id, answer);
    this.#child.send({ id, what, input }, (err) => err && answer.reject(err));
    return reply.parse(await answer.promise);
  }

  async end(): Promise<void> {
    this.#ending = true;
    if (this.#child.connected) this.#child.disconnect();
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), ENDS_WITHIN_MS);
    await this.#gone;
    clearTimeout(impatience);
    this.#signal.removeEventListener("abort", this.#kill);
  }

  readonly #kill = (): void => {
    this.#ending = true;
    this.#child.kill("SIGKILL");
    this.#rejectAll(this.#signal.reason);
  };

  #rejectAll(reason: unknown): void {
    for (const { reject } of this.#open.values()) reject(reason);
    this.#open.clear();
  }

  #answered(message: unknown): void {
    const { id, value, error } = Reply.parse(message);
    if (error === undefined) this.#open.get(id)?.resolve(value);
    else this.#open.get(id)?.reject(new Error(error));
    this.#open.delete(id);
  }
}
