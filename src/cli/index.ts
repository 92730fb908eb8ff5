import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandLine } from "../core/command-line.ts";
import { ConfigError } from "../config/config-error.ts";
import { messageOf } from "../core/failure.ts";
import { orExit } from "./exit.ts";

/**
 * From the second start on V8 does not compile again, which saves a quarter of a start. The cache lies beside the code:
 * a user who can write there can change the code too. If the folder is read-only, Node works without a cache, or with
 * the one that NODE_COMPILE_CACHE names.
 */
enableCompileCache(join(import.meta.dirname, "../../.cache/compiled"));

/** A command that resolves with a number ends the process with this exit code. */
type Command = { readonly about: string; readonly run: (args: string[]) => Promise<number | void> };

/** Each command loads only the modules that it needs. */
const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    about: "run the worker",
    run: async (args) => {
      const flags = readFlags(args);
      if (flags?.help) print(help());
      else if (flags?.version) print(`${(await import("../worker/version.ts")).VERSION}\n`);
      else if (flags?.peek) return await (await import("./peek/index.ts")).peek(process.env);
      else if (flags) {
        if (flags.wait) await (await import("./wait.ts")).waitUnlessConfigured(process.env);
        await (await import("./start.ts")).main(process.env);
      }
      return undefined;
    },
  },
  dev: {
    about: "run it while you write handlers: restarts at each change, with simulated vendors if none is configured",
    run: async () => (await import("./dev/index.ts")).dev(process.env),
  },
  demo: {
    about: "simulated vendors, a worker and its pages in one go",
    run: async () => (await import("./demo.ts")).demo(process.env),
  },
  simulate: {
    about: "a vendor's simulator alone; --help lists its options",
    run: async (args) => (await import("./simulate.ts")).simulate(args),
  },
  doctor: {
    about: "check everything outside the code, and say what to fix",
    run: async () => (await import("./doctor/index.ts")).doctor(process.env),
  },
  init: {
    about: "make a project of your own in a folder",
    run: async (args) => (await import("./init/index.ts")).init(args),
  },
  replay: {
    about: "run archived events again, or try handlers on parked ones; --help lists its options",
    run: async (args) => (await import("./replay/index.ts")).replay(process.env, args),
  },
  events: {
    about: "find events on a running worker, and tell what became of them; --help lists its options",
    run: async (args) => (await import("./events/index.ts")).events(process.env, args),
  },
  peek: {
    about: "look at what waits at the vendor; run nothing, confirm nothing; --save DIR keeps it for tests",
    run: async (args) => (await import("./peek/index.ts")).peek(process.env, args),
  },
};

const [first = "start", ...others] = process.argv.slice(2);
const [name, args] = first.startsWith("-") ? ["start", [first, ...others]] : [first, others];
await orExit(async () => {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return await command.run(args).catch(explain);
  refuse(`unknown command "${name}"`);
  return undefined;
});

/** The production image contains no simulators. */
function explain(err: unknown): never {
  const isMissing = err instanceof Error && "code" in err && err.code === "ERR_MODULE_NOT_FOUND";
  if (!isMissing || !/[\\/]simulators[\\/]/.test(err.message)) throw err;
  throw new ConfigError([`${name}: this image has no simulators; build the other one: docker build --target demo .`], {
    cause: err,
  });
}

function readFlags(rest: string[]) {
  const flag = { type: "boolean" } as const;
  try {
    const options = {
      peek: flag,
      wait: flag,
      version: { ...flag, short: "v" },
      help: { ...flag, short: "h" },
    } as const;
    return parseArgs({ args: rest, options }).values;
  } catch (err) {
    refuse(messageOf(err));
    return undefined;
  }
}

function refuse(mistake: string): void {
  process.stderr.write(`${mistake}\n\n${help()}`);
  process.exitCode = 2;
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([command, { about }]) => [commandLine(command), about] as const);
  const width = Math.max(...lines.map(([line]) => line.length));
  const list = lines.map(([line, about]) => `${line.padEnd(width)}   ${about}\n`).join("");
  return `${list}\nSettings are environment variables; .env.example explains them all.\n`;
}

function print(text: string): void {
  process.stdout.write(text);
}
