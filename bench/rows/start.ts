/** The time from the start of a process to its first handled event: `npm start`, the built package, and the plain loop. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Handled, Seen, type VendorEnv } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, tableOf } from "../kit/table.ts";
import { until } from "../kit/until.ts";
import { startVendor } from "../kit/vendor.ts";
import { inNewWorld, type World } from "../kit/world.ts";

export const start = createRow({
  measure: ({ options: { runs }, step }) => step("start", (signal) => startTimes(runs, signal)),
  figures: (found) =>
    found.map(({ name, ms }) => [`s to the first event, ${name}`, "lower", ms.map((value) => value / 1_000)]),
  sections: (found) => [{ title: "an event waits, and its process is started", table: reportOf(found) }],
});

type Start = { readonly name: string; readonly ms: readonly number[] };

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BUILT = inProject("dist/lib/cli/bin.js");
const FIRST = /"firstAfterMs":([\d.]+)/;
const LOOK_MS = 20;

type Way = { readonly name: string; readonly first: (world: World, env: VendorEnv) => Promise<number> };

/** Measures the built package only if `npm run build` has made it. */
async function startTimes(runs: number, signal: AbortSignal): Promise<readonly Start[]> {
  const ways: readonly Way[] = [
    {
      name: "from sources",
      first: (world, env) => firstOfProcess([inProject("src/cli/index.ts")], world, env, signal),
    },
    ...(existsSync(BUILT)
      ? [
          {
            name: "from dist",
            first: (world: World, env: VendorEnv) => firstOfProcess([BUILT, "start"], world, env, signal),
          },
        ]
      : []),
    { name: "plain loop", first: (world, env) => firstOfLoop(world, env, signal) },
  ];
  const found = ways.map(({ name }) => ({ name, ms: new Array<number>() }));
  for (let run = 0; run < runs; run++)
    for (const [index, way] of ways.entries())
      found[index]?.ms.push(await inNewWorld((world) => measure(way, world), signal));
  return found;
}

async function measure({ first }: Way, world: World): Promise<number> {
  const simulator = world.part("simulator");
  const env = await startVendor(simulator, { historyLimit: 1 });
  // The event carries its publishing time.
  await simulator.ask("publish", 1, z.undefined());
  const ms = await first(world, env);
  await simulator.ask("allConfirmed", undefined, Seen);
  return ms;
}

async function firstOfLoop({ part }: World, env: VendorEnv, signal: AbortSignal): Promise<number> {
  const loop = part("plain-loop");
  await loop.ask("start", { env }, z.undefined());
  await until(async () => (await loop.ask("runs", undefined, z.number())) > 0, LOOK_MS, signal);
  return (await loop.ask("handled", undefined, Handled)).startedAfterMs.p50;
}

async function firstOfProcess(
  args: readonly string[],
  { redisUrl, ending }: World,
  env: VendorEnv,
  signal: AbortSignal,
): Promise<number> {
  const handlers = inProject("bench/parts/first-event-handlers.ts");
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, REDIS_URL: redisUrl, HANDLERS: handlers, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
    signal,
    killSignal: "SIGKILL",
  });
  ending(() => endOf(child));
  const first = Promise.withResolvers<number>();
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    const found = FIRST.exec(said)?.[1];
    if (found !== undefined) first.resolve(Number(found));
  });
  child.once("error", first.reject);
  child.once("exit", () => first.reject(new Error(`the worker ended without an event:\n${said}`)));
  return await first.promise;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

function reportOf(found: readonly Start[]): string {
  return tableOf([
    ["start", ...found.map(({ name }) => name)],
    [
      "s to the first event",
      ...found.map(({ ms }) =>
        cell(
          ms.map((value) => value / 1_000),
          2,
        ),
      ),
    ],
  ]);
}
