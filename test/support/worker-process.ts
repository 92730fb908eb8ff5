import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { startSimulator, type SimulatorOptions } from "../../src/vendors/tencent-vod/simulator/server.ts";
import { RunNote, type Script } from "./scripted-handlers.ts";

export const PROJECT = join(import.meta.dirname, "../..");
const HANDLERS = join(import.meta.dirname, "scripted-handlers.ts");
const CREDENTIALS = { secretId: "test-id", secretKey: "test-key-that-is-secret" };

const LogLine = z.looseObject({ msg: z.string(), level: z.number() });
type LogLine = z.infer<typeof LogLine>;

/** A simulated account, what its events' handlers did, and worker processes that serve it. */
export async function setupWorld({
  redisUrl,
  prefix,
  ...simulated
}: { readonly redisUrl: string; readonly prefix: string } & Partial<SimulatorOptions>) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-test-"));
  const simulator = await startSimulator({
    ...CREDENTIALS,
    windowMs: 2_000,
    longPollMs: 500,
    callsPerSecond: 0,
    ...simulated,
  });
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const runsFile = join(folder, "runs.ndjson");
  const windowMs = simulator.settings.windowMs;
  const env = {
    TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
    TENCENT_VOD_ENDPOINT: simulator.url,
    TENCENT_VOD_CONFIRM_WINDOW_MS: String(windowMs),
    CONFIRM_GRACE_MS: String(Math.min(15_000, Math.ceil(windowMs / 2))),
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: prefix.replaceAll(/[{}]/g, ""),
    HANDLERS,
    RUNS_FILE: runsFile,
    PORT: "0",
    SHUTDOWN_GRACE_MS: "5000",
  };
  const idOf = new Map<string, string>();

  function runs(): RunNote[] {
    if (!existsSync(runsFile)) return [];
    const lines = readFileSync(runsFile, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => RunNote.parse(JSON.parse(line)));
  }

  return {
    simulator,
    folder,
    env,
    runs,
    /** Publishes an event whose handler does what `script` says, known by `key` from now on. */
    publish(key: string, script: Script = {}): void {
      const [id] = simulator.publish("NewFileUpload", { body: { FileId: key, Script: script } });
      if (id !== undefined) idOf.set(key, id);
    },
    runsOf: (key: string) => runs().filter((note) => note.key === key),
    /** What the vendor knows of it. */
    seen(key: string) {
      const history = simulator.find(idOf.get(key) ?? "");
      if (!history) throw new Error(`nothing was published as ${key}`);
      return history;
    },
    async allConfirmed(timeout = 30_000): Promise<void> {
      await expect.poll(() => simulator.stats().unconfirmed, { timeout, interval: 50 }).toBe(0);
    },
    start: (extra: Readonly<Record<string, string>> = {}, options: Omit<LaunchOptions, "env"> = {}) =>
      launch({ env: { ...env, ...extra }, cwd: folder, ...options }),
  };
}

type LaunchOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly command?: readonly [string, ...string[]];
  /** In a process group of its own, as a shell gives each command: what Ctrl-C reaches. */
  readonly group?: boolean;
  /** The line that says that it runs. */
  readonly until?: string;
};

/** A real worker process, known to run when it says so; killed after the test if it still lives. */
export async function launch({ env, cwd = PROJECT, command, group = false, until = "started" }: LaunchOptions) {
  const [file, ...args] = command ?? [join(PROJECT, "bin/node"), join(PROJECT, "src/cli.ts")];
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    detached: group,
  });
  const output = collect(child);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) send("SIGKILL");
    await exited;
  });

  function send(signal: NodeJS.Signals): void {
    if (child.pid === undefined) throw new Error("the process was never started");
    process.kill(group ? -child.pid : child.pid, signal);
  }

  const started = await Promise.race([output.line(until), exited]);
  if (!("msg" in started)) throw new Error(`the worker ended at once (${started.code}):\n${output.text()}`);
  return {
    pid: z.number().parse(child.pid),
    url: z.string().catch("").parse(started["url"]),
    send,
    exited,
    text: output.text,
    lines: output.lines,
    /** The first line whose message begins so, past or to come. */
    line: output.line,
  };
}

function collect(child: ChildProcess) {
  let text = "";
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    const parts = `${rest}${chunk.toString()}`.split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts.filter((one) => one.startsWith("{"))) lines.push(LogLine.parse(JSON.parse(part)));
    for (const look of waiting) look();
  });

  function line(message: string): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = lines.find(({ msg }) => msg.startsWith(message));
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }

  return { line, lines: (): readonly LogLine[] => lines, text: () => text };
}

/** Runs a command to its end. */
export async function runToEnd(env: Readonly<Record<string, string>>, args: readonly string[] = [], cwd = PROJECT) {
  const child = spawn(join(PROJECT, "bin/node"), [join(PROJECT, "src/cli.ts"), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
  });
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", (status) => resolve(status));
  });
  return { code, text: output.text(), lines: output.lines() };
}
