/**
 * The loop that most people write first: pull, handle, confirm, repeat. It stores nothing. After a crash, a slow
 * handler or a failed confirmation it relies on the vendor.
 */
import { z } from "zod";
import { countRuns, noteStart, serveConsumer } from "./handling.ts";
import { openSdk, SdkEnv } from "./sdk.ts";

const Start = z.object({ env: SdkEnv });

serveConsumer((input) => void loop(openSdk(Start.parse(input).env)), { runs: countRuns });

async function loop({ pull, confirm }: ReturnType<typeof openSdk>): Promise<never> {
  for (;;) {
    const events = await pull();
    if (events.length === 0) continue;
    for (const event of events) noteStart(event);
    await confirm(events.map(({ EventHandle }) => EventHandle));
  }
}
