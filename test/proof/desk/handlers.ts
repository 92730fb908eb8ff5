import { setTimeout as nap } from "node:timers/promises";
import { PermanentError } from "../../../src/core/errors.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { FAILURES, HELD_TYPE, QUICK_TYPE, SLOW_MS, SLOW_TYPE } from "./cast.ts";

const vendor = "tencent-vod";
const LONG_MS = 3_600_000;

const handlers: readonly Handler[] = [
  { vendor, type: QUICK_TYPE, run: () => nap(2) },
  { vendor, type: SLOW_TYPE, run: () => nap(SLOW_MS) },
  { vendor, type: HELD_TYPE, concurrency: 1, run: ({ signal }) => nap(LONG_MS, undefined, { signal }) },
  ...Object.entries(FAILURES).map(([type, errorFor]): Handler => ({
    vendor,
    type,
    run: ({ event: { id } }) => {
      throw new PermanentError(errorFor(id));
    },
  })),
];

export default handlers;
