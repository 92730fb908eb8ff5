import { crashSuite } from "./crash-suite.ts";
import { PULL_WINDOWS, PUSH_WINDOWS } from "./crash-windows.ts";
import { mnsDoor, pushDoor, tencentDoor } from "./doors.ts";

crashSuite("an event that it pulled", PULL_WINDOWS, tencentDoor);
crashSuite("an event of an MNS queue", PULL_WINDOWS, mnsDoor);
crashSuite("an event that was pushed", PUSH_WINDOWS, pushDoor);
