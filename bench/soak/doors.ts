/** The simulated vendors of a soak. Some calls fail, so that the worker's retries use memory and free it again. */
import type { Fault as MnsFault } from "../../src/simulators/alibaba-mns/faults.ts";
import { startFleet } from "../../src/simulators/fleet.ts";
import type { Fault as TencentFault } from "../../src/simulators/tencent-vod/faults.ts";

export type DoorOptions = {
  readonly seed: number;
  readonly windowMs: number;
  readonly longPollMs: number;
  readonly callsPerSecond: number;
  readonly allDoors: boolean;
};

/** Shares of the calls. A lost confirmation costs one call for each of its receipts. A lost pull costs a window. */
const TENCENT_FAULTS: readonly TencentFault[] = [
  { action: "ConfirmEvents", kind: "http-500", probability: 0.005 },
  { action: "ConfirmEvents", kind: "stale", probability: 0.002 },
  { action: "PullEvents", kind: "drop-after", probability: 0.001 },
];
const MNS_FAULTS: readonly MnsFault[] = [{ action: "ChangeMessageVisibility", kind: "drop-after", probability: 0.02 }];
/**
 * A confirmation whose answer is lost. Only a second try inside the window shows whether the first one took effect, so
 * this fault needs the long window of a soak with all doors.
 */
const LOST = { kind: "drop-after", probability: 0.005 } as const;
const HISTORY = 1_000;

export type SoakDoors = Awaited<ReturnType<typeof openDoors>>;

export async function openDoors({ seed, windowMs, longPollMs, callsPerSecond, allDoors }: DoorOptions) {
  const fleet = await startFleet({
    "tencent-vod": { seed, windowMs, longPollMs, callsPerSecond, historyLimit: HISTORY },
    "alibaba-mns": { visibilityMs: windowMs, longPollMs, base64: false },
    "aws-sqs": { longPollMs },
    // The same application is pushed as well as pulled.
    ...(allDoors && { "tencent-vod-push": { seed: seed + 1 } }),
  });
  const [{ faults: ofTencent }, { faults: ofMns }] = [
    fleet.doors["tencent-vod"].simulator,
    fleet.doors["alibaba-mns"].simulator,
  ];
  let earlier = 0;
  const hits = (): number => [...ofTencent.list(), ...ofMns.list()].reduce((sum, fault) => sum + fault.hits, earlier);
  return {
    ...fleet,
    /** The number of calls that a fault has hit. */
    hits,
    startFaults() {
      for (const fault of TENCENT_FAULTS) ofTencent.inject(fault);
      for (const fault of MNS_FAULTS) ofMns.inject(fault);
      if (allDoors) ofTencent.inject({ action: "ConfirmEvents", ...LOST });
      if (allDoors) ofMns.inject({ action: "BatchDeleteMessage", ...LOST });
    },
    endFaults() {
      earlier = hits();
      ofTencent.clear();
      ofMns.clear();
    },
  };
}
