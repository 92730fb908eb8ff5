/** The vendors' ends of the doors. Some answers are lost now and then, so that what is kept for that is kept, and let go. */
import type { Fault as MnsFault } from "../../src/simulators/alibaba-mns/faults.ts";
import { startMnsSimulator } from "../../src/simulators/alibaba-mns/server.ts";
import { EVENT_TYPES as ALIBABA_TYPES, sampleOf } from "../../src/simulators/alibaba-vod/samples.ts";
import { startSqsSimulator } from "../../src/simulators/aws-sqs/server.ts";
import type { Fault as TencentFault } from "../../src/simulators/tencent-vod/faults.ts";
import type { Stats } from "../../src/simulators/kit/register.ts";
import { createPusher } from "../../src/simulators/tencent-vod/pusher.ts";
import { startSimulator } from "../../src/simulators/tencent-vod/server.ts";
import { createBodies } from "../parts/bodies.ts";
import { CREDENTIALS, MNS_KEYS, SIGN_KEY, SQS_KEYS } from "../parts/credentials.ts";
import type { Errand } from "./errand.ts";

type Counts = {
  readonly confirmed: number;
  readonly unconfirmed: number;
  readonly redelivered?: number;
  /** Pushes that were given up. */
  readonly lost?: number;
  readonly faults?: number;
};

export type OpenDoor = {
  publish(errand: Errand): void;
  counts(): Counts;
  /** From now on some calls are spoiled. */
  stir(): void;
  /** From now on every answer arrives. */
  calm(): void;
};

export type DoorOptions = {
  readonly seed: number;
  readonly windowMs: number;
  readonly longPollMs: number;
  readonly callsPerSecond: number;
  readonly allDoors: boolean;
};

/** Of the calls. A lost confirmation costs as many calls as it had receipts, a lost pull a window. */
const TENCENT_FAULTS: readonly TencentFault[] = [
  { action: "ConfirmEvents", kind: "http-500", probability: 0.005 },
  { action: "ConfirmEvents", kind: "stale", probability: 0.002 },
  { action: "PullEvents", kind: "drop-after", probability: 0.001 },
];
const MNS_FAULTS: readonly MnsFault[] = [{ action: "ChangeMessageVisibility", kind: "drop-after", probability: 0.02 }];
/** Whether such a confirmation took effect is told by the next try, if that comes inside the window: hardly in a short one. */
const LOST_CONFIRMATIONS = { kind: "drop-after", probability: 0.005 } as const;
const HISTORY = 1_000;
const SQS_QUEUE = "mediaconvert";

export async function openTencent({ seed, windowMs, longPollMs, callsPerSecond, allDoors }: DoorOptions) {
  const settings = { windowMs, longPollMs, callsPerSecond, historyLimit: HISTORY };
  const simulator = await startSimulator({ ...CREDENTIALS, seed, ...settings });
  const lost = allDoors ? [{ action: "ConfirmEvents", ...LOST_CONFIRMATIONS } as const] : [];
  const nextBody = createBodies(seed);
  const publish = (Soak: Errand) => simulator.publishBody({ ...nextBody(), Soak });
  return { url: simulator.url, ...doorOf(simulator, [...TENCENT_FAULTS, ...lost], publish) };
}

export async function openMns({ windowMs, longPollMs, allDoors }: DoorOptions) {
  const simulator = await startMnsSimulator({ ...MNS_KEYS, visibilityMs: windowMs, longPollMs });
  const lost = allDoors ? [{ action: "BatchDeleteMessage", ...LOST_CONFIRMATIONS } as const] : [];
  const publish = (Soak: Errand): void => {
    const type = ALIBABA_TYPES[Soak.n % ALIBABA_TYPES.length] ?? "";
    simulator.publish({ ...sampleOf(type), Soak });
  };
  return { url: simulator.url, ...doorOf(simulator, [...MNS_FAULTS, ...lost], publish) };
}

export async function openSqs({ longPollMs }: DoorOptions) {
  const simulator = await startSqsSimulator({ ...SQS_KEYS, queues: [SQS_QUEUE], longPollMs });
  const door: OpenDoor = {
    publish(Soak) {
      const detail = { status: "COMPLETE", jobId: String(Soak.n) };
      simulator.publish({ "detail-type": "MediaConvert Job State Change", detail, Soak });
    },
    counts() {
      const { confirmed, unconfirmed } = simulator.stats();
      return { confirmed, unconfirmed };
    },
    stir() {},
    calm() {},
  };
  return { queueUrl: simulator.queueUrl(SQS_QUEUE), ...door };
}

/** The same application pushes what it could be asked for. */
export function openPush(workerUrl: string, seed: number): OpenDoor {
  const pusher = createPusher({ url: `${workerUrl}/callbacks/tencent-vod`, signKey: SIGN_KEY });
  const nextBody = createBodies(seed);
  const counts = { confirmed: 0, unconfirmed: 0, lost: 0 };
  return { publish: (Soak) => void push(Soak), counts: () => counts, stir() {}, calm() {} };

  async function push(Soak: Errand): Promise<void> {
    counts.unconfirmed += 1;
    const { delivered } = await pusher.push({ ...nextBody(), Soak });
    counts.unconfirmed -= 1;
    counts[delivered ? "confirmed" : "lost"] += 1;
  }
}

type Simulator<Fault> = {
  stats(): Pick<Stats, "published" | "delivered" | "confirmed" | "unconfirmed">;
  readonly faults: { inject(fault: Fault): void; list(): readonly { readonly hits: number }[]; clear(): void };
};

function doorOf<Fault>(
  { stats, faults }: Simulator<Fault>,
  spoiled: readonly Fault[],
  publish: (errand: Errand) => unknown,
): OpenDoor {
  let struck = 0;
  const hits = (): number => struck + faults.list().reduce((sum, fault) => sum + fault.hits, 0);
  return {
    publish: (errand) => void publish(errand),
    counts() {
      const { confirmed, unconfirmed, delivered, published } = stats();
      return { confirmed, unconfirmed, redelivered: Math.max(0, delivered - published), faults: hits() };
    },
    stir() {
      for (const fault of spoiled) faults.inject(fault);
    },
    calm() {
      struck = hits();
      faults.clear();
    },
  };
}
