/** `src/cli/start.ts` with short locks. Jobs of a killed process continue elsewhere within two seconds. */
import { main } from "../../src/cli/start.ts";
import { orExit } from "../../src/cli/exit.ts";

await orExit(() => main(process.env, { workTerms: { lockMs: 1_000 } }));
