/** The doors whose crash windows are tried, each with one event. */
import type { FleetOptions } from "../../../src/simulators/fleet.ts";
import { TENCENT } from "../../support/world.ts";

export const KEY = "the event";

export type TriedDoor = {
  readonly open: FleetOptions;
  /** What the vendor hears of it: that its handler succeeded, or that it is stored. */
  readonly confirms: "success" | "storage";
  /**
   * The longest until all is well again: a job lock and two looks for it; for what a confirmation came to, half a minute
   * until the pull of who died is taken for lost, two windows and the grace.
   */
  readonly patienceMs: number;
};

// An empty pull of a second counts as one that waited.
const TIMES = { longPollMs: 1_500 };

export const PULLED: TriedDoor = {
  open: { "tencent-vod": { ...TENCENT, ...TIMES } },
  confirms: "success",
  patienceMs: 75_000,
};

export const QUEUED: TriedDoor = {
  open: { "alibaba-mns": { visibilityMs: 2_000 } },
  confirms: "success",
  patienceMs: 75_000,
};

/** The vendor's own tries end before there is a worker again. */
export const PUSHED: TriedDoor = {
  open: { "tencent-vod-push": { pauseMs: 1 } },
  confirms: "storage",
  patienceMs: 30_000,
};
