import { crashSuite } from "./crash-suite.ts";
import { PULL_WINDOWS, PUSH_WINDOWS } from "./crash-windows.ts";
import { PULLED, PUSHED, QUEUED } from "./doors.ts";

// Its windows take the longest to recover, so they begin first.
crashSuite("an event of an MNS queue", PULL_WINDOWS, QUEUED);
crashSuite("an event that it pulled", PULL_WINDOWS, PULLED);
crashSuite("an event that was pushed", PUSH_WINDOWS, PUSHED);
