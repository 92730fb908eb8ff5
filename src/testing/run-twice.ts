import type { CallbackEvent } from "../core/event.ts";
import type { Handler } from "../core/handler.ts";
import { type Call, watchCalls, type Watched, watchSteps } from "./effects.ts";
import { createProcessor, createSteps } from "./processor.ts";
import { runOn, type RunOptions, type RunResult } from "./run.ts";

export type { Call } from "./effects.ts";

export type TwiceOptions = RunOptions & {
  /**
   * Objects whose calls are recorded as effects, by name: `{ watch: { db: pool } }` reports `db.query insert into ...`.
   * Calls of `fetch` are always recorded.
   */
  readonly watch?: Watched;
};

/** One effect of the runs, and how often each run had it. */
export type Effect = {
  /** `POST https://example.com/videos`, `db.query insert into videos ...`, `step resize` */
  readonly what: string;
  readonly first: number;
  readonly second: number;
  /** Whether the second run used the same values as the first, such as the same key. */
  readonly alike: boolean;
};

export type Twice = {
  readonly first: RunResult;
  readonly second: RunResult;
  readonly effects: readonly Effect[];
  /** The effects that happened in both runs. */
  readonly repeated: readonly Effect[];
  /** Each call of the two runs, with its arguments. */
  readonly calls: readonly [first: readonly Call[], second: readonly Call[]];
};

/**
 * Runs an event twice, as if the worker had crashed after the handler and before storing the success. Lists the effects
 * of both runs.
 */
export async function runTwice(
  handlers: Handler | readonly Handler[],
  event: CallbackEvent,
  { attempts = 1, log, watch = {} }: TwiceOptions = {},
): Promise<Twice> {
  // The results of steps are kept between the runs, as after a crash.
  const steps = createSteps();
  const once = async () => {
    const results: RunResult[] = [];
    const calls = await watchCalls(watch, async (tell) => {
      const processor = createProcessor(handlers, { log, steps: watchSteps(steps, tell) });
      results.push(await runOn(processor, event, attempts));
    });
    const [result] = results;
    if (!result) throw new Error("the run has no result");
    return { result, calls };
  };
  const first = await once();
  const second = await once();
  const effects = effectsOf(first.calls, second.calls);
  return {
    first: first.result,
    second: second.result,
    effects,
    repeated: effects.filter((effect) => effect.first > 0 && effect.second > 0),
    calls: [first.calls, second.calls],
  };
}

function effectsOf(first: readonly Call[], second: readonly Call[]): readonly Effect[] {
  return [...new Set([...first, ...second].map(({ what }) => what))].map((what) => {
    const [before, after] = [first, second].map((calls) => calls.filter((call) => call.what === what));
    return {
      what,
      first: before?.length ?? 0,
      second: after?.length ?? 0,
      alike: JSON.stringify(before) === JSON.stringify(after),
    };
  });
}
