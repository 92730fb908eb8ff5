/** `src/cli/start.ts`, but it accepts a standstill only for PATIENCE_MS. */
import { orExit } from "../../src/cli/exit.ts";
import { main } from "../../src/cli/start.ts";

const patienceMs = Number(process.env["PATIENCE_MS"]);
await orExit(() => main(process.env, { workTerms: { patienceMs, lookMs: patienceMs / 10 } }));
