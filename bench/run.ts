/** `npm run bench`. It measures and never asserts on time. Everything that it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { againstEarlier, readEarlier } from "./against.ts";
import { runCommand } from "./kit/command.ts";
import { describeMachine } from "./kit/machine.ts";
import type { Figures, Found, Section, Terms } from "./kit/row.ts";
import { notingCosts, type RunCost } from "./kit/run-costs.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { ROWS } from "./rows/index.ts";

await runCommand(async (argv, signal) => {
  const options = readOptions(argv, [...ROWS.keys()]);
  if (options) await bench(options, signal);
  else console.log(HELP);
});

async function bench(options: Options, stop: AbortSignal): Promise<void> {
  const { only, json, against } = options;
  const earlier = against === undefined ? undefined : await readEarlier(against);
  const started = performance.now();
  const machine = await describeMachine(stop);
  const costs: RunCost[] = [];
  const terms: Terms = {
    options,
    step: (name, measure) => notingCosts(name, costs, () => step(name, measure, options, stop)),
  };
  const [rows, found, sections] = [new Map<string, unknown>(), new Array<Found>(), new Array<Section>()];
  for (const [name, measure] of ROWS) {
    if (!only.includes(name)) continue;
    const row = await measure(terms);
    rows.set(name, row.result);
    found.push(...row.figures);
    sections.push(...row.sections);
  }

  const seconds = Math.round((performance.now() - started) / 1_000);
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
  console.log(`\n${command}   (${seconds} s)\n${machine}\n`);
  console.log(sections.map(({ title, table }) => `${title}\n${table}\n`).join("\n"));
  const figures = figuresOf(found);
  const all = { command, machine, options, figures, rows: Object.fromEntries(rows), costs };
  if (json !== undefined) await writeFile(json, `${JSON.stringify(all, undefined, 2)}\n`);
  if (earlier) console.log(`against ${against}\n${againstEarlier(figures, earlier).join("\n")}\n`);
}

async function step<T>(
  name: string,
  measure: (signal: AbortSignal) => Promise<T>,
  { patienceMs }: Options,
  stop: AbortSignal,
): Promise<T> {
  console.error(name);
  return await measure(AbortSignal.any([stop, AbortSignal.timeout(patienceMs)]));
}

function figuresOf(found: readonly Found[]): Figures {
  return Object.fromEntries(found.map(([name, better, values]) => [name, { better, values }]));
}
