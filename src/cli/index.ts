import { parseArgs } from "node:util";
import { messageOf } from "../core/failure.ts";
import { orExit } from "./process.ts";

const HELP = `npm start                         run the worker
npm start -- --peek               look at what waits at the vendor; run nothing, confirm nothing
npm run demo                      a simulator, a worker and its pages in one go
npm run simulate [-- --help]      the simulator alone
npm run doctor                    check everything outside the code, and say what to fix

Settings are environment variables; .env.example explains them all.
`;

const [first = "start", ...others] = process.argv.slice(2);
const [command, args] = first.startsWith("-") ? ["start", [first, ...others]] : [first, others];
await orExit(() => run(command, args));

/** Loads only what the command needs. */
async function run(name: string, rest: string[]): Promise<void> {
  if (name === "simulate") return await (await import("./simulate.ts")).simulate(rest);
  if (name === "demo") return await (await import("./demo.ts")).demo(process.env);
  if (name === "doctor") return await (await import("./doctor/index.ts")).doctor(process.env);
  if (name !== "start") return refuse(`unknown command "${name}"`);
  const flags = readFlags(rest);
  if (!flags) return;
  if (flags.help) return void process.stdout.write(HELP);
  if (flags.peek) return await (await import("./peek/index.ts")).peek(process.env);
  await (await import("./start.ts")).main(process.env);
}

function readFlags(rest: string[]): { peek?: boolean; help?: boolean } | undefined {
  try {
    return parseArgs({ args: rest, options: { peek: { type: "boolean" }, help: { type: "boolean", short: "h" } } })
      .values;
  } catch (err) {
    refuse(messageOf(err));
    return undefined;
  }
}

function refuse(mistake: string): void {
  process.stderr.write(`${mistake}\n\n${HELP}`);
  process.exitCode = 2;
}
