/** Runs `src/cli/start.ts` and kills the process at the point that CRASH_AT names. */
import { main } from "../../../src/cli/start.ts";
import { orExit } from "../../../src/cli/exit.ts";
import { CRASH_POINTS } from "./crash-points.ts";

const crash = Object.entries(CRASH_POINTS).find(([point]) => point === process.env["CRASH_AT"])?.[1];
if (!crash) throw new Error(`CRASH_AT: no such point: ${process.env["CRASH_AT"]}`);
await orExit(() => main(process.env, { beforeStart: crash }));
