/** The doors whose crash windows are tried, each with one event. */
import type { FleetOptions } from "../../../src/simulators/fleet.ts";
import { TENCENT } from "../../support/world.ts";

export const KEY = "the event";

export type TriedDoor = {
  readonly open: FleetOptions;
  /** The vendor is told either that the handler succeeded, or that the event is stored. */
  readonly confirms: "success" | "storage";
  /**
   * The longest that recovery may take. A job needs its lock to run out and two looks for stalled jobs. A confirmation
   * with an unknown result needs half a minute until the dead process's pull counts as lost, two windows and the grace.
   */
  readonly patienceMs: number;
};

// An empty pull that took a second counts as a long poll.
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

/** The vendor stops retrying before a worker is back. */
export const PUSHED: TriedDoor = {
  open: { "tencent-vod-push": { pauseMs: 1 } },
  confirms: "storage",
  patienceMs: 30_000,
};
