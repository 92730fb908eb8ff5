/** The three vendors that call, each through its own sender, at a worker that listens to all of them. */
import { onTestFinished } from "vitest";
import { createSender } from "../../src/simulators/alibaba-vod/sender.ts";
import { createPusher } from "../../src/simulators/tencent-vod/pusher.ts";
import { startZegoSender } from "../../src/simulators/zegocloud/sender.ts";
import type { Script } from "./scripted-handlers.ts";

/** Of each try the status, or why there was none. */
type Answers = readonly (number | string)[];
type Event = { readonly key: string; readonly script?: Script };

export type PushDoor = {
  readonly vendor: string;
  /** Calls as the vendor does, again on its schedule until it is taken. The same event is the same call again, signed anew. */
  send(worker: Listening, event: Event): Promise<Answers>;
  /** Signed with another secret; the pauses between its tries are short. */
  forge(worker: Listening, event: Event): Promise<Answers>;
  /** Genuine, and nothing that could be an event. */
  sendUnreadable(worker: Listening): Promise<Answers>;
};

type Listening = { readonly url: string };

const SIGN_KEY = "tencent-sign-key";
const AUTH_KEY = "alibaba-auth-key";
const ZEGO_SECRET = "zego-callback-secret";
/** As the vendor has it: behind a proxy, which the worker does not see. */
const CALLBACK_URL = "https://callbacks.example.com/from-alibaba";
export const SUFFIX = "a-suffix-nobody-guesses";

/** Takes from a world's worker what it would pull from, and the times that are right for that alone. */
export const NO_TENCENT = {
  TENCENTCLOUD_SECRET_ID: "",
  TENCENTCLOUD_SECRET_KEY: "",
  TENCENT_VOD_ENDPOINT: "",
  TENCENT_VOD_CONFIRM_WINDOW_MS: "",
  CONFIRM_GRACE_MS: "",
};

export const PUSH_ENV = {
  ...NO_TENCENT,
  TENCENT_VOD_SIGN_KEY: SIGN_KEY,
  ALIBABA_VOD_AUTH_KEYS: AUTH_KEY,
  ALIBABA_VOD_CALLBACK_URLS: CALLBACK_URL,
  ZEGO_CALLBACK_SECRETS: ZEGO_SECRET,
  CALLBACK_SUFFIX: SUFFIX,
  // callbacks and pages without a password never share one
  PAGES_PORT: "0",
};

const FORGERS_PAUSE_MS = 10;

/** What both of Tencent's doors bring for one event. */
export function uploadOf({ key, script = {} }: Event) {
  return { EventType: "NewFileUpload", FileUploadEvent: { FileId: key, Script: script } };
}

const tencent: PushDoor = {
  vendor: "tencent-vod",
  send: (worker, event) => push(worker, { signKey: SIGN_KEY }, uploadOf(event)),
  forge: (worker, event) => push(worker, { signKey: "another", pauseMs: FORGERS_PAUSE_MS }, uploadOf(event)),
  // Its signature stands in the body, so this one is JSON, but nested too deep to be kept.
  sendUnreadable: (worker) => push(worker, { signKey: SIGN_KEY }, { EventType: "NewFileUpload", deep: nested(200) }),
};

const alibaba: PushDoor = {
  vendor: "alibaba-vod",
  send: (worker, event) => call(worker, { authKey: AUTH_KEY }, JSON.stringify(keyed("FileUploadComplete", event))),
  forge: (worker, event) =>
    call(worker, { authKey: "another", pauseMs: FORGERS_PAUSE_MS }, JSON.stringify(keyed("FileUploadComplete", event))),
  sendUnreadable: (worker) => call(worker, { authKey: AUTH_KEY }, '{"EventType":"FileUploadComplete",'),
};

const zegocloud: PushDoor = {
  vendor: "zegocloud",
  send: (worker, event) => zegoCall(worker, event, {}),
  forge: (worker, event) => zegoCall(worker, event, { forged: true }),
  sendUnreadable: (worker) => zegoCall(worker, { key: "unreadable" }, { broken: true }),
};

export const PUSH_DOORS: readonly PushDoor[] = [tencent, alibaba, zegocloud];
export const TENCENT_PUSH = tencent;

export function callbackUrl({ url }: Listening, vendor: string, suffix = `/${SUFFIX}`): string {
  return `${url}/callbacks/${vendor}${suffix}`;
}

/** An event whose script stands at its top. */
export function keyed(type: string, { key, script = {} }: Event) {
  return { EventType: type, VideoId: key, Key: key, Script: script };
}

/** Tencent's own call, whose next tries follow at once. */
export function pushNow(worker: Listening, event: Event): Promise<Answers> {
  return push(worker, { signKey: SIGN_KEY, pauseMs: 1 }, uploadOf(event));
}

async function push(worker: Listening, how: { signKey: string; pauseMs?: number }, event: object): Promise<Answers> {
  const pusher = createPusher({ url: callbackUrl(worker, "tencent-vod"), ...how });
  return (await pusher.push({ ...event })).answers;
}

async function call(worker: Listening, how: { authKey: string; pauseMs?: number }, body: string): Promise<Answers> {
  const sender = createSender({ url: callbackUrl(worker, "alibaba-vod"), callbackUrl: CALLBACK_URL, ...how });
  onTestFinished(() => sender.close());
  return (await sender.send(body)).answers;
}

async function zegoCall(
  worker: Listening,
  { key, script = {} }: Event,
  how: { readonly forged?: boolean; readonly broken?: boolean },
): Promise<Answers> {
  const sender = startZegoSender({ url: callbackUrl(worker, "zegocloud"), secret: ZEGO_SECRET });
  onTestFinished(() => sender.close());
  const fields = { id: key, Key: key, Script: script };
  const { tries } = await sender.send("door_test", { fields, encoding: "percent", ...how });
  return tries.map(({ status }) => status);
}

function nested(levels: number): unknown {
  return levels === 0 ? [] : [nested(levels - 1)];
}
