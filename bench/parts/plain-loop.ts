/**
 * The loop that most people write first: pull, handle, confirm, again. It keeps nothing: a crash, a slow handler or a failed
 * confirmation is the vendor's business.
 */
import { z } from "zod";
import { serve, startCost } from "../kit/serve.ts";
import { countRuns, forget, handled, noteStart } from "./handling.ts";
import { openSdk, SdkEnv } from "./sdk.ts";

const Start = z.object({ env: SdkEnv });

let cost = startCost();

serve({
  start(input) {
    const { env } = Start.parse(input);
    cost = startCost();
    void loop(openSdk(env));
  },
  /** From when on its cost counts. */
  startCost() {
    cost = startCost();
  },
  cost: () => cost(),
  handled,
  runs: countRuns,
  forget,
});

async function loop({ pull, confirm }: ReturnType<typeof openSdk>): Promise<never> {
  for (;;) {
    const events = await pull();
    if (events.length === 0) continue;
    for (const event of events) noteStart(event);
    await confirm(events.map(({ EventHandle }) => EventHandle));
  }
}
