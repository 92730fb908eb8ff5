import { assert, asyncProperty } from "fast-check";
import { Counter } from "./counter.ts";
import { play, type OpenStore } from "./play.ts";
import type { Excuse } from "./account.ts";
import { schedules, type Schedule } from "./schedule.ts";

/** The same schedules every time: a run must not find by chance what a change did not cause. */
const SEED = Number(process.env["MODEL_SEED"] ?? 1);

export type Checked = {
  readonly schedules: number;
  readonly sums: Counter;
  /** Second runs, by what excuses them. */
  readonly again: Counter<Excuse>;
  /** What really went wrong. */
  readonly met: Counter;
};

export type CheckOptions = {
  readonly name: string;
  readonly openStore: OpenStore;
  readonly ground: "firm" | "shaken";
  readonly runs: number;
};

/** Plays random schedules. Rejects with the first in which a promise is broken; else says what they came to. */
export async function check({ name, openStore, ground, runs }: CheckOptions): Promise<Checked> {
  const checked = { schedules: 0, sums: new Counter(), again: new Counter<Excuse>(), met: new Counter() };
  const began = performance.now();
  const property = asyncProperty(schedules(ground), one);
  await assert(property, { numRuns: runs, seed: SEED, endOnFailure: process.env["MODEL_SHRINK"] === undefined });
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const { sums, again, met } = checked;
  console.log(
    `model, ${name}: ${checked.schedules} schedules in ${seconds} s, 0 violations: ${sums.text}; second runs: ${again.text || "none"}; ${met.total} times something went wrong`,
  );
  return checked;

  async function one(schedule: Schedule): Promise<void> {
    const played = await play(schedule, openStore);
    checked.schedules += 1;
    checked.sums.addAll(played.sums);
    checked.again.addAll(played.again);
    checked.met.addAll(played.met);
  }
}
