/** Tells helpers which test called them when several tests of one file run side by side. All waits are patient. */
import { aroundEach } from "vitest";
import { running } from "./at-end.ts";
import { waitPatiently } from "./patient-waits.ts";

waitPatiently();
aroundEach((runTest, context) => running.run(context, runTest));
