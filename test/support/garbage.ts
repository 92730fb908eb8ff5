import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

setFlagsFromString("--expose-gc");
const collect = z.function({ input: [], output: z.unknown() }).parse(runInNewContext("gc"));

/** What nobody holds any more is gone after it. A reference that was looked at lasts until the turn of the event loop is over. */
export async function collectGarbage(): Promise<void> {
  await setImmediate();
  collect();
}
