/**
 * ZEGOCLOUD as its customers see it: it calls a URL for every event, takes any 2xx for success, and tries again on the
 * vendor's schedule until it gives the event up.
 */
import { sleep } from "../../core/sleep.ts";
import { post } from "../kit/caller.ts";
import { ENCODINGS, encode, encodeBroken, type Encoding, signed, type Wire } from "./calls.ts";
import type { Fields } from "./samples/making.ts";
import { createSamples } from "./samples.ts";

export type ZegoSenderOptions = {
  readonly url: string;
  readonly secret: string;
  readonly appId?: string | undefined;
  /** Pauses between tries are multiplied by this. */
  readonly pace?: number | undefined;
  /** How long it waits for an answer. The vendor does not document its own time. */
  readonly timeoutMs?: number | undefined;
  /** Whether a retry gets a new proof. The vendor does not document it. */
  readonly signAnew?: boolean | undefined;
  readonly seed?: number | undefined;
  /** The number of latest events that `history` keeps. */
  readonly remember?: number | undefined;
};

type SendOptions = {
  /** Fields that replace the made-up ones, or are added to them. */
  readonly fields?: Fields | undefined;
  /** Sends only these fields. */
  readonly whole?: Fields | undefined;
  /** Without one, events take all encodings in turn. */
  readonly encoding?: Encoding | undefined;
  /** Genuine, but with broken JSON. */
  readonly broken?: boolean | undefined;
  /** How many identical calls are made at once, as after an error in the vendor's own queue. */
  readonly copies?: number | undefined;
  /** Signed with a wrong secret, and tried once. */
  readonly forged?: boolean | undefined;
};

type Try = {
  /** UNIX ms. */
  readonly at: number;
  /** The status of the answer, or why there was none. */
  readonly status: number | string;
};

type Sent = {
  readonly kind: string;
  readonly fields: Fields;
  readonly encoding: Encoding;
  readonly forged: boolean;
  readonly tries: readonly Try[];
  /** `lost`: the vendor gave the event up. `left`: the sender was closed first. */
  readonly outcome: "pending" | "taken" | "lost" | "left";
};

export type ZegoSender = {
  /** Resolves when the event was taken or given up; never rejects. */
  readonly send: (kind: string, options?: SendOptions) => Promise<Sent>;
  readonly history: readonly Sent[];
  readonly stats: () => Readonly<typeof NOTHING_YET>;
  readonly close: () => Promise<void>;
};

/** Forged calls are counted separately. `pending` counts both. */
const NOTHING_YET = { sent: 0, taken: 0, lost: 0, retries: 0, forged: 0, forgedTaken: 0, pending: 0 };

const PAUSES_MS = [2_000, 4_000, 8_000, 16_000, 32_000];
/** Two products have schedules of their own. */
const OTHER_PAUSES_MS = [
  { prefix: "cloud_recording/", pausesMs: [5_000, 5_000] },
  { prefix: "cloud_player/", pausesMs: [0, 0] },
];

export function startZegoSender(options: ZegoSenderOptions): ZegoSender {
  const { url, secret, pace = 1, timeoutMs = 5_000, signAnew = true, remember = 1_000 } = options;
  const samples = createSamples(options.seed ?? Date.now(), options.appId);
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const history: Sent[] = [];
  const counts = { ...NOTHING_YET };

  return {
    history,
    stats: () => ({ ...counts }),
    send(kind, how = {}) {
      const sending = deliver(kind, how);
      running.add(sending);
      void sending.finally(() => running.delete(sending));
      return sending;
    },
    async close() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };

  async function deliver(kind: string, how: SendOptions): Promise<Sent> {
    const { forged = false, broken = false, copies = 1 } = how;
    const fields = how.whole ?? { ...samples.fields(kind), ...how.fields };
    const encoding = how.encoding ?? ENCODINGS[counts.sent % ENCODINGS.length] ?? "json";
    const tries: Try[] = [];
    const sent: { -readonly [K in keyof Sent]: Sent[K] } = {
      kind,
      fields,
      encoding,
      forged,
      tries,
      outcome: "pending",
    };
    remembered(sent);
    const prove = (): Wire => {
      const whole = signed(fields, forged ? `not ${secret}` : secret);
      return broken ? encodeBroken(whole) : encode(whole, encoding);
    };
    let wire = prove();
    for (const [retry, pauseMs] of [0, ...(forged ? [] : pausesOf(kind))].entries()) {
      if (retry > 0) await sleep(pauseMs * pace, stopping.signal);
      if (stopping.signal.aborted) break;
      if (retry > 0) counts.retries += 1;
      if (retry > 0 && signAnew) wire = prove();
      tries.push(...(await Promise.all(Array.from({ length: copies }, () => call(wire)))));
      if (tries.some(isSuccess)) break;
    }
    sent.outcome = outcomeOf(tries);
    return settled(sent);
  }

  function remembered(sent: Sent): void {
    history.push(sent);
    if (history.length > remember) history.shift();
    counts[sent.forged ? "forged" : "sent"] += 1;
    counts.pending += 1;
  }

  function settled(sent: Sent): Sent {
    counts.pending -= 1;
    if (sent.outcome === "taken") counts[sent.forged ? "forgedTaken" : "taken"] += 1;
    if (sent.outcome === "lost" && !sent.forged) counts.lost += 1;
    return sent;
  }

  function outcomeOf(tries: readonly Try[]): Sent["outcome"] {
    if (tries.some(isSuccess)) return "taken";
    return stopping.signal.aborted ? "left" : "lost";
  }

  async function call({ type, text }: Wire): Promise<Try> {
    const at = Date.now();
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]);
    return { at, status: await post(url, { headers: { "content-type": type }, body: text }, signal) };
  }
}

function pausesOf(kind: string): readonly number[] {
  return OTHER_PAUSES_MS.find(({ prefix }) => kind.startsWith(prefix))?.pausesMs ?? PAUSES_MS;
}

function isSuccess({ status }: Try): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}
