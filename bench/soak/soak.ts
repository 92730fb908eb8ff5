/** A whole soak, from the start to the drain. */
import { sleep } from "../../src/core/sleep.ts";
import { inNewWorld } from "../kit/world.ts";
import type { Options } from "./options.ts";
import { type End, type Sample, setUp } from "./stage.ts";
import { type Tempo, tempoOf } from "./tempo.ts";

export type Soaked = {
  readonly tempo: Tempo;
  readonly samples: readonly Sample[];
  /** Missing when the soak was stopped early. */
  readonly end?: End;
};

/** A trend line needs this many samples, even on a slow machine. */
const LEAST_SAMPLES = 8;
/** A sample stops the worker for half a second or longer. The worker then gets at least as much time for its work. */
const REST = 1;

export async function soak(options: Options, told: (sample: Sample) => void, stop: AbortSignal): Promise<Soaked> {
  const tempo = tempoOf(options.minutes);
  const samples: Sample[] = [];
  try {
    const end = await inNewWorld(async (world) => {
      const { sample, load, drain } = await setUp(world, options, tempo);
      const started = await load();
      let due = started + tempo.sampleMs;
      while (performance.now() < started + tempo.totalMs || samples.length < LEAST_SAMPLES) {
        await sleep(Math.max(0, due - performance.now()), stop);
        const began = performance.now();
        const next = await sample(started);
        samples.push(next);
        told(next);
        const ended = performance.now();
        due = Math.max(due + tempo.sampleMs, ended + REST * (ended - began));
      }
      return await drain(started, stop);
    }, stop);
    return { tempo, samples, end };
  } catch (err) {
    if (stop.aborted) return { tempo, samples };
    throw err;
  }
}
