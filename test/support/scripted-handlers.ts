/** The scripted handlers of a worker process. The environment tells it the test's files. */
import { z } from "zod";
import { Limits, scriptedHandlers } from "./script.ts";

export default scriptedHandlers({
  runsFile: z.string().parse(process.env["RUNS_FILE"]),
  limits: Limits.parse(JSON.parse(process.env["TEST_LIMITS"] ?? "{}")),
});
