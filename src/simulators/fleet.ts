/** Simulated vendors for one worker: any set of doors, each with its vendor's side on 127.0.0.1. */
import { type AlibabaMnsDoor, type AlibabaMnsOptions, openAlibabaMns } from "./alibaba-mns/door.ts";
import { type AlibabaVodOptions, openAlibabaVod } from "./alibaba-vod/door.ts";
import { type AwsSqsDoor, type AwsSqsOptions, openAwsSqs } from "./aws-sqs/door.ts";
import type { Counts } from "./kit/door.ts";
import type { PushedDoor } from "./kit/pushed.ts";
import type { TrafficOptions } from "./kit/traffic.ts";
import { openTencentVod, type TencentVodDoor, type TencentVodOptions } from "./tencent-vod/door.ts";
import { openTencentPush, type TencentPushOptions } from "./tencent-vod/push-door.ts";
import { openZegocloud, type ZegocloudDoor, type ZegocloudOptions } from "./zegocloud/door.ts";

type OptionsOf = {
  /** Tencent VOD, pulled from. */
  "tencent-vod": TencentVodOptions;
  /** Tencent VOD, calling. */
  "tencent-vod-push": TencentPushOptions;
  /** Alibaba Cloud VOD, pulled from a queue of MNS. */
  "alibaba-mns": AlibabaMnsOptions;
  /** Alibaba Cloud VOD, calling. */
  "alibaba-vod": AlibabaVodOptions;
  /** ZEGOCLOUD, calling. */
  zegocloud: ZegocloudOptions;
  /** AWS MediaConvert, pulled from a queue of SQS. */
  "aws-sqs": AwsSqsOptions;
};

type DoorsOf = {
  "tencent-vod": TencentVodDoor;
  "tencent-vod-push": PushedDoor;
  "alibaba-mns": AlibabaMnsDoor;
  "alibaba-vod": PushedDoor;
  zegocloud: ZegocloudDoor;
  "aws-sqs": AwsSqsDoor;
};

export type DoorName = keyof OptionsOf;

/** The doors that are to be opened, each with its options; `{}` is enough. */
export type FleetOptions = { readonly [K in DoorName]?: OptionsOf[K] };

export type Fleet<O extends FleetOptions = FleetOptions> = {
  readonly doors: { readonly [K in keyof O]: DoorsOf[K & DoorName] };
  /** Settings with which a worker takes the events of all doors. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on, the pushing vendors call this address. */
  callWorkerAt(url: string): void;
  /** Starts traffic. `rates` has the number of events per second for each door; other doors stay quiet. */
  startTraffic(rates: { readonly [K in keyof O]?: number }, options: Omit<TrafficOptions, "rate">): { close(): void };
  /** The counts of all doors together. */
  counts(): Counts;
  /** Ends the calls that are under way. Pulled doors continue to answer. */
  endCalls(): Promise<void>;
  close(): Promise<void>;
};

const OPEN: { readonly [K in DoorName]: (options: OptionsOf[K]) => Promise<DoorsOf[K]> } = {
  "tencent-vod": openTencentVod,
  "tencent-vod-push": openTencentPush,
  "alibaba-mns": openAlibabaMns,
  "alibaba-vod": openAlibabaVod,
  zegocloud: openZegocloud,
  "aws-sqs": openAwsSqs,
};

export const DOOR_NAMES = [
  "tencent-vod",
  "tencent-vod-push",
  "alibaba-mns",
  "alibaba-vod",
  "zegocloud",
  "aws-sqs",
] as const satisfies readonly DoorName[];

type FleetSettings = {
  /** The unguessable end of the callback paths. `env` passes it to the worker. */
  readonly suffix?: string | undefined;
};

/** Rejects if a door cannot be opened, and closes the others. */
export async function startFleet<O extends FleetOptions>(options: O, settings?: FleetSettings): Promise<Fleet<O>>;
export async function startFleet(options: FleetOptions, { suffix }: FleetSettings = {}): Promise<object> {
  const opened = await openAll(options);
  const doors = opened.map(({ door }) => door);
  const calling = doors.filter((door) => "callAt" in door);
  const ofSuffix = suffix === undefined ? {} : { CALLBACK_SUFFIX: suffix };
  const fleet: Omit<Fleet, "doors"> = {
    env: Object.fromEntries([...doors.map(({ env }) => env), ofSuffix].flatMap((env) => Object.entries(env))),
    callWorkerAt(url) {
      for (const door of calling)
        door.callAt([url, "callbacks", door.vendor, ...(suffix === undefined ? [] : [suffix])].join("/"));
    },
    startTraffic(rates, traffic) {
      const running = opened.flatMap(({ name, door }) => {
        const rate = rates[name];
        return rate !== undefined ? [door.startTraffic({ ...traffic, rate })] : [];
      });
      return {
        close() {
          for (const one of running) one.close();
        },
      };
    },
    counts: () => totalOf(doors.map((door) => door.counts())),
    async endCalls() {
      await Promise.all(calling.map((door) => door.endCalls()));
    },
    async close() {
      await Promise.all(doors.map((door) => door.close()));
    },
  };
  return { ...fleet, doors: Object.fromEntries(opened.map(({ name, door }) => [name, door])) };
}

type Opened = { readonly name: DoorName; readonly door: DoorsOf[DoorName] };

async function openAll(options: FleetOptions): Promise<readonly Opened[]> {
  const wanted = DOOR_NAMES.flatMap((name) => {
    const given = options[name];
    return given === undefined ? [] : [open(name, given)];
  });
  const results = await Promise.allSettled(wanted);
  const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = results.find((result) => result.status === "rejected");
  if (!failure) return opened;
  await Promise.all(opened.map(({ door }) => door.close()));
  throw failure.reason;
}

async function open<K extends DoorName>(name: K, options: OptionsOf[K]): Promise<Opened> {
  return { name, door: await OPEN[name](options) };
}

function totalOf(counts: readonly Counts[]): Counts {
  const sum = (of: (one: Counts) => number): number => counts.reduce((total, one) => total + of(one), 0);
  return {
    published: sum(({ published }) => published),
    confirmed: sum(({ confirmed }) => confirmed),
    unconfirmed: sum(({ unconfirmed }) => unconfirmed),
    lost: sum(({ lost }) => lost),
    redelivered: sum(({ redelivered }) => redelivered),
  };
}
