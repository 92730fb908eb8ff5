/** CPU and Redis commands of each measurement, its warm-up included. The JSON holds them. */
import { AsyncLocalStorage } from "node:async_hooks";
import { Total } from "./replies.ts";
import type { Part } from "./part.ts";
import type { RedisCost } from "./world.ts";

type Cpu = { readonly cpuSeconds: number; readonly cpuMsPerEvent: number };

export type RunCost = {
  readonly step: string;
  /** All events or jobs that were made. */
  readonly events: number;
  readonly processes: readonly { readonly name: string; readonly cpu: Cpu }[];
  readonly redis: { readonly cpu: Cpu; readonly commandsPerEvent: Readonly<Record<string, number>> };
};

/** The bench's own commands. */
export const LOOKING_ON = new Set(["info", "dbsize"]);

const steps = new AsyncLocalStorage<{ readonly step: string; readonly costs: RunCost[] }>();

/** Adds the costs of the measurements within `measure` to `costs`. */
export function notingCosts<T>(step: string, costs: RunCost[], measure: () => Promise<T>): Promise<T> {
  return steps.run({ step, costs }, measure);
}

/** Parts that have ended already are left out. */
export async function noteCost(parts: readonly Part[], redisCost: () => Promise<RedisCost>): Promise<void> {
  const current = steps.getStore();
  if (!current) return;
  const totals = await Promise.all(
    parts
      .filter(({ isRunning }) => isRunning)
      .map(async (part) => ({ name: part.name, total: await part.ask("total", undefined, Total) })),
  );
  const events = totals.reduce((sum, { total: { made = 0 } }) => sum + made, 0);
  const each = (total: number): number => (events > 0 ? total / events : 0);
  const cpuOf = (cpuSeconds: number): Cpu => ({ cpuSeconds, cpuMsPerEvent: each(1_000 * cpuSeconds) });
  const { cpuSeconds, commands } = await redisCost();
  const used = Object.entries(commands).filter(([name]) => !LOOKING_ON.has(name));
  current.costs.push({
    step: current.step,
    events,
    processes: totals.map(({ name, total }) => ({ name, cpu: cpuOf(total.cpuSeconds) })),
    redis: {
      cpu: cpuOf(cpuSeconds),
      commandsPerEvent: Object.fromEntries(used.map(([name, calls]) => [name, each(calls)])),
    },
  });
}
