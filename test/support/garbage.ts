import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

setFlagsFromString("--expose-gc");
const collect = z.function({ input: [], output: z.unknown() }).parse(runInNewContext("gc"));

/** Collects all unreachable objects. It waits a turn first, since a WeakRef that was read keeps its object until then. */
export async function collectGarbage(): Promise<void> {
  await setImmediate();
  collect();
}
