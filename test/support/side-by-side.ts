/** Tells helpers which test has called them, though several run side by side in one file. */
import { aroundEach } from "vitest";
import { running } from "./at-end.ts";

aroundEach((runTest, context) => running.run(context, runTest));
