/** `src/cli/start.ts` with locks that run out soon: what a killed process ran goes on elsewhere within two seconds. */
import { main } from "../../src/cli/start.ts";
import { orExit } from "../../src/cli/exit.ts";

await orExit(() => main(process.env, { workTerms: { lockMs: 1_000 } }));
