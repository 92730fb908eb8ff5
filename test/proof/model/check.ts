import { assert, asyncProperty } from "fast-check";
import { Counter } from "./counter.ts";
import { play, type OpenStore } from "./play.ts";
import type { Excuse } from "./account.ts";
import { schedules, type Schedule } from "./schedule.ts";

/** The seed is fixed, so that a run fails only because of a change and never by chance. */
const SEED = Number(process.env["MODEL_SEED"] ?? 1);

export type Checked = {
  readonly schedules: number;
  readonly sums: Counter;
  /** The number of second runs by excuse. */
  readonly again: Counter<Excuse>;
  /** The troubles that really happened. */
  readonly met: Counter;
};

export type CheckOptions = {
  readonly name: string;
  readonly openStore: OpenStore;
  readonly ground: "firm" | "shaken";
  readonly runs: number;
};

/** Plays random schedules. Rejects with the first schedule that breaks a promise, and otherwise resolves with the totals. */
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
