import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { doctor } from "../../src/cli/doctor/index.ts";
import { exitCodeOf } from "../../src/cli/exit.ts";
import { peek } from "../../src/cli/peek/index.ts";
import { atEnd } from "../support/at-end.ts";
import { type SimulatorOptions, startSimulator } from "../../src/simulators/tencent-vod/server.ts";
import { PROJECT, surroundings } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";

export const KEYS = { secretId: "AKIDexampleexample", secretKey: "examplekeyexample" };

type Env = Readonly<Record<string, string>>;

/** A simulated account, a folder with an empty list of handlers, and an environment with the account's keys. */
export async function setupAccount(options: Partial<SimulatorOptions> = {}) {
  const simulator = await startSimulator({ ...KEYS, longPollMs: 50, callsPerSecond: 0, ...options });
  atEnd(() => simulator.close());
  const folder = await tempFolder();
  atEnd(() => process.chdir(PROJECT));
  await writeFile(join(folder, "handlers.mjs"), "export default [];");
  const env: Env = {
    TENCENTCLOUD_SECRET_ID: KEYS.secretId,
    TENCENTCLOUD_SECRET_KEY: KEYS.secretKey,
    TENCENT_VOD_ENDPOINT: simulator.url,
    PORT: "0",
  };
  const start = (args: readonly string[], extra: Env = {}) => startCommand(args, { ...env, ...extra }, folder);
  return {
    simulator,
    folder,
    start,
    run: (args: readonly string[], extra: Env = {}) => start(args, extra).ended,
    /** Runs in this process, which saves a start. Commands that run here share one working folder. */
    doctor: (extra: Env = {}) => runHere(() => doctor({ ...env, ...extra }), folder),
    peek: (extra: Env = {}, args: readonly string[] = []) => runHere(() => peek({ ...env, ...extra }, args), folder),
  };
}

type Said = { out: string; err: string };

const saying = new AsyncLocalStorage<Said>();
let isHeard = false;

async function runHere(command: () => Promise<number>, folder: string) {
  hear();
  const said: Said = { out: "", err: "" };
  process.chdir(folder);
  const code = await saying.run(said, () => exitCodeOf(command));
  return { code, ...said };
}

/** Collects the output of each command separately, though several run side by side. */
function hear(): void {
  if (isHeard) return;
  isHeard = true;
  for (const [stream, name] of [
    [process.stdout, "out"],
    [process.stderr, "err"],
  ] as const) {
    const write = stream.write.bind(stream);
    Object.assign(stream, {
      write(...args: Parameters<typeof write>) {
        const said = saying.getStore();
        if (!said) return write(...args);
        said[name] += String(args[0]);
        return true;
      },
    });
  }
}

/** The project's command line in a process of its own, which ends with the test at the latest. */
function startCommand(args: readonly string[], env: Env, cwd: string) {
  const child = spawn(join(PROJECT, "bin/node"), [join(PROJECT, "src/cli/index.ts"), ...args], {
    cwd,
    env: { ...surroundings(), ...env },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  atEnd(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { ended, out: () => said.out, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
