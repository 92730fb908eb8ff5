import { z } from "zod";
import { createSamples, EVENT_TYPES } from "../../src/simulators/tencent-vod/samples.ts";

const Body = z.looseObject({ EventType: z.string() });
type Body = z.infer<typeof Body>;

/** Tencent's events of every type in turn, with the nulls that the vendor sends; equal seeds make equal ones. */
export function createBodies(seed: number): () => Body {
  const samples = createSamples(seed);
  let made = 0;
  return () => {
    const type = EVENT_TYPES[made++ % EVENT_TYPES.length] ?? "";
    return Body.parse(JSON.parse(`{${samples.event(type, undefined, true)}}`));
  };
}
