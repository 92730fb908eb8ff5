import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** A process that is gone after the test, and what it says. */
export function startProcess(command: readonly string[], options: SpawnOptions = {}) {
  const [file, ...args] = z.tuple([z.string()], z.string()).parse(command);
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const ended = once(child, "close").then(() => ({ code: child.exitCode, signal: child.signalCode }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { text: () => text, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
