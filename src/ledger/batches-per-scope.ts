import type { SourceKeys } from "./keys.ts";
import { MicroBatch } from "./micro-batch.ts";

/** The most items in one script call, since Redis serves nobody else meanwhile. */
export const MAX_PER_CALL = 64;

/** Makes one script call for many items, as long as their keys have the same scope. */
export function batchesPerScope<In, Out>(
  run: (scope: SourceKeys["scope"], items: readonly In[]) => Promise<readonly Out[]>,
) {
  const batches = new Map<string, MicroBatch<In, Out>>();
  return ({ scope }: SourceKeys): MicroBatch<In, Out> => {
    const known = batches.get(scope[0]);
    if (known) return known;
    const made = new MicroBatch(MAX_PER_CALL, (items: readonly In[]) => run(scope, items));
    batches.set(scope[0], made);
    return made;
  };
}
