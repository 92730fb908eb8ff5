/** The doors of the demo beside the account it pulls from: three vendors that call its worker, and a queue. */
import { isObject } from "../vendors/parsing/storable.ts";
import { startMnsSimulator } from "../simulators/alibaba-mns/server.ts";
import { startTraffic as startQueueTraffic } from "../simulators/alibaba-mns/traffic.ts";
import { EVENT_TYPES as ALIBABA_TYPES, sampleOf } from "../simulators/alibaba-vod/samples.ts";
import { createSender } from "../simulators/alibaba-vod/sender.ts";
import { createPusher } from "../simulators/tencent-vod/pusher.ts";
import { createSamples, EVENT_TYPES as TENCENT_TYPES } from "../simulators/tencent-vod/samples.ts";
import { EVENT_KINDS as ZEGO_KINDS } from "../simulators/zegocloud/samples.ts";
import { startZegoSender } from "../simulators/zegocloud/sender.ts";
import { startTraffic as startZegoTraffic } from "../simulators/zegocloud/traffic.ts";

export type DemoDoors = {
  /** What lets a worker in the demo listen and pull. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the queue's simulator. */
  readonly queueUrl: string;
  /** Begins to call the worker at this address. */
  send(workerUrl: string, log: (line: string) => void): void;
  /** Ends the calls; the queue still answers. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

const SECRET = "demo";
/** Alibaba Cloud signs its calls for the address that its console knows, which a proxy may hide from the worker. */
const ALIBABA_URL = "https://callbacks.example.com/callbacks/alibaba-vod";
/** Events per second and door: Tencent VOD's pulled ones make the traffic, these are there to be seen. */
const RATE = 0.5;
const MOST_PENDING = 100;
/** Others than those of the account that is pulled from. */
const SEED = 2;

export async function openDoors(): Promise<DemoDoors> {
  const queue = await startMnsSimulator({ accessKeyId: SECRET, accessKeySecret: SECRET });
  /** In the order of their running: the traffic before what carries it. */
  const stops: (() => Promise<void> | void)[] = [];

  return {
    env: {
      TENCENT_VOD_SIGN_KEY: SECRET,
      ALIBABA_VOD_CALLBACK_URLS: ALIBABA_URL,
      ALIBABA_VOD_AUTH_KEYS: SECRET,
      ZEGO_CALLBACK_SECRETS: SECRET,
      ALIBABA_CLOUD_ACCESS_KEY_ID: SECRET,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET,
      ALIBABA_MNS_ENDPOINT: queue.url,
      ALIBABA_MNS_QUEUES: queue.settings.queues.join(","),
    },
    queueUrl: queue.url,

    send(workerUrl, log) {
      const zego = startZegoSender({ url: `${workerUrl}/callbacks/zegocloud`, secret: SECRET });
      const alibaba = createSender({
        url: `${workerUrl}/callbacks/alibaba-vod`,
        callbackUrl: ALIBABA_URL,
        authKey: SECRET,
      });
      const tencent = createPusher({ url: `${workerUrl}/callbacks/tencent-vod`, signKey: SECRET });
      const samples = createSamples(SEED);
      const zegoTraffic = startZegoTraffic({
        sender: zego,
        rate: RATE,
        kinds: ZEGO_KINDS,
        twiceEvery: 10,
        forgedEvery: 20,
        maxPending: MOST_PENDING,
        log,
      });
      const queueTraffic = startQueueTraffic({
        simulator: queue,
        rate: RATE,
        base64: true,
        maxUnconfirmed: MOST_PENDING,
        log,
      });
      stops.push(
        () => zegoTraffic.close(),
        () => queueTraffic.close(),
        inTurn(ALIBABA_TYPES, (type) => void alibaba.send(JSON.stringify(sampleOf(type)))),
        inTurn(TENCENT_TYPES, (type) => {
          const event: unknown = JSON.parse(`{${samples.event(type, undefined, false)}}`);
          if (isObject(event)) void tencent.push(event);
        }),
        zego.close,
        () => alibaba.close(),
        () => tencent.close(),
      );
    },

    async quiet() {
      for (const stop of stops.splice(0)) await stop();
    },
    close: () => queue.close(),
  };
}

/** What becomes of a call stands on the worker's pages: the senders never reject. */
function inTurn(types: readonly string[], send: (type: string) => void): () => void {
  let sent = 0;
  const timer = setInterval(next, 1_000 / RATE);
  next();
  return () => clearInterval(timer);

  function next(): void {
    const type = types[sent % types.length];
    sent += 1;
    if (type !== undefined) send(type);
  }
}
