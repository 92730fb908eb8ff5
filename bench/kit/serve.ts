/** The inside of a part. It answers questions and measures its own cost. */
import { z } from "zod";
import type { Cost, Total } from "./replies.ts";

const Question = z.object({ id: z.number(), what: z.string(), input: z.unknown().optional() });

export type Routes = Readonly<Record<string, (input: unknown) => unknown>>;

/**
 * Answers `routes` until the parent is gone. Only the parent reacts to Ctrl-C, and then ends its parts in order. `made`:
 * the number of events that the part has made.
 */
export function serve(own: Routes, made?: () => number): void {
  const total = (): Total => ({ ...totalCpu(), ...(made && { made: made() }) });
  const routes = { ...own, total };
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", (message) => void answer(routes, Question.parse(message)));
}

async function answer(routes: Routes, { id, what, input }: z.infer<typeof Question>): Promise<void> {
  const route = routes[what];
  try {
    if (!route) throw new Error(`the part cannot answer "${what}"`);
    process.send?.({ id, value: await route(input) });
  } catch (err) {
    process.send?.({ id, error: err instanceof Error ? (err.stack ?? err.message) : String(err) });
  }
}

/** Starts the count of the cost. The result reads CPU time and peak memory before it collects garbage. */
export function startCost(): () => Cost {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    globalThis.gc?.();
    const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
    return { cpuSeconds: (user + system) / 1e6, peakRssBytes, rssBytes, heapBytes };
  };
}

function totalCpu(): Pick<Total, "cpuSeconds"> {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6 };
}

/** Milliseconds on a clock that all processes of this machine share. It is finer than Date.now(). */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
