/** Real worker processes, for tests and for programs without a test runner. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { createOutput } from "./output.ts";

export const PROJECT = join(import.meta.dirname, "../..");
/** Environment for a program that should behave as on an older Node, whose HTTP agents ignore proxies. */
export const WITHOUT_PROXIES = { NODE_OPTIONS: `--import=${join(import.meta.dirname, "agents-without-proxies.ts")}` };

export type StartOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly command?: readonly [string, ...string[]];
  /** Starts the process in its own process group, as a shell does. Ctrl-C reaches the whole group. */
  readonly group?: boolean;
  /** The message that says that it runs. */
  readonly until?: string;
  /** Called as soon as the process exists, so that it can be ended before it reports that it runs. */
  readonly onSpawn?: (end: () => Promise<void>) => void;
};

export type WorkerProcess = Awaited<ReturnType<typeof startWorkerProcess>>;

/** Resolves when the worker says that it runs. */
export async function startWorkerProcess({
  env,
  cwd = PROJECT,
  command,
  group = false,
  until = "started",
  onSpawn,
}: StartOptions) {
  const [file, ...args] = command ?? [join(PROJECT, "bin/node"), join(PROJECT, "src/cli/index.ts")];
  const child = spawn(file, args, {
    cwd,
    env: { ...surroundings(), ...env },
    detached: group,
  });
  const output = collect(child);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  onSpawn?.(end);

  function send(signal: NodeJS.Signals): void {
    if (child.pid === undefined) throw new Error("the process was never started");
    process.kill(group ? -child.pid : child.pid, signal);
  }

  async function end(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) send("SIGKILL");
    await exited;
  }

  const started = await Promise.race([output.line(until), exited]);
  if (!("msg" in started)) throw new Error(`the worker ended at once (${started.code}):\n${output.text()}`);
  return {
    pid: z.number().parse(child.pid),
    url: z.string().catch("").parse(started["url"]),
    /** Empty if the worker has no pages. */
    pagesUrl: z.string().catch("").parse(started["pages"]),
    send,
    exited,
    /** Kills the process with SIGKILL if it is still alive. */
    end,
    text: output.text,
    lines: output.lines,
    /** Resolves with the first line, past or future, whose message starts with this. */
    line: output.line,
  };
}

function collect(child: ChildProcess) {
  const output = createOutput();
  child.stderr?.on("data", (chunk: Buffer) => output.hear(chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => output.read(chunk.toString()));
  return output;
}

/** The variables that our processes take over from this one. */
export function surroundings() {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE };
}

/** Runs a command until it exits. */
export async function runToEnd(env: Readonly<Record<string, string>>, args: readonly string[] = [], cwd = PROJECT) {
  const child = spawn(join(PROJECT, "bin/node"), [join(PROJECT, "src/cli/index.ts"), ...args], {
    cwd,
    env: { ...surroundings(), ...env },
  });
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", (status) => resolve(status));
  });
  return { code, text: output.text(), lines: output.lines() };
}
