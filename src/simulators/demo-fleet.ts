/** The doors of the demo, with their descriptions. */
import type { DoorName, FleetOptions } from "./fleet.ts";

type Shown = {
  readonly about: string;
  /** One door makes most of the traffic. The others only show their events. */
  readonly perSecond: number;
  /** A type to publish by hand. */
  readonly type: string;
};

export const DEMO_OPTIONS = {
  "tencent-vod": {},
  "tencent-vod-push": {},
  "alibaba-mns": {},
  "alibaba-vod": {},
  zegocloud: { twiceEvery: 10, forgedEvery: 20 },
  "aws-sqs": {},
} satisfies FleetOptions;

export const SHOWN: Readonly<Record<DoorName, Shown>> = {
  "tencent-vod": { about: "Tencent VOD, pulled from its account", perSecond: 3, type: "NewFileUpload" },
  "tencent-vod-push": {
    about: "the same, pushed to /callbacks/tencent-vod",
    perSecond: 0.5,
    type: "ClipComplete",
  },
  "alibaba-mns": {
    about: "Alibaba Cloud VOD, pulled from a queue of MNS",
    perSecond: 0.5,
    type: "SnapshotComplete",
  },
  "alibaba-vod": {
    about: "the same, pushed to /callbacks/alibaba-vod",
    perSecond: 0.5,
    type: "TranscodeComplete",
  },
  zegocloud: {
    about: "pushed to /callbacks/zegocloud; one call in twenty is forged, and refused",
    perSecond: 0.5,
    type: "record",
  },
  "aws-sqs": { about: "AWS MediaConvert, pulled from a queue of SQS", perSecond: 0.5, type: "COMPLETE" },
};

export const DEMO_RATES: Readonly<Partial<Record<string, number>>> = Object.fromEntries(
  Object.entries(SHOWN).map(([name, { perSecond }]) => [name, perSecond]),
);
