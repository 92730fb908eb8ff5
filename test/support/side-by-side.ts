/** Tells helpers which test called them when several tests of one file run side by side. */
import { aroundEach } from "vitest";
import { running } from "./at-end.ts";

aroundEach((runTest, context) => running.run(context, runTest));
