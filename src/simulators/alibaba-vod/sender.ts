/**
 * Alibaba Cloud VOD as it calls: each call signed for the configured address, 200 and nothing else taken for success, 5 s
 * until it gives up waiting, two more tries 1 s apart, and then the event is gone.
 */
import { hash } from "node:crypto";
import { sleep } from "../../core/sleep.ts";

export type SenderOptions = {
  /** Where the calls go. */
  readonly url: string;
  /** The address as configured, which is signed; `url` unless a proxy stands between. */
  readonly callbackUrl?: string | undefined;
  /** Without one nothing is signed. */
  readonly authKey?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly pauseMs?: number | undefined;
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

/** `answers`: of each try the status, or that there was none. */
type Sent = { readonly delivered: boolean; readonly answers: readonly (number | "none")[] };

export type Sender = {
  /** Sends one body, and again until it was taken or given up. */
  send(body: string): Promise<Sent>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

const TRIES = 3;
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 1_000;

export function createSender(options: SenderOptions): Sender {
  const { url, callbackUrl = url, authKey, timeoutMs = TIMEOUT_MS, pauseMs = PAUSE_MS, now = Date.now } = options;
  const closing = new AbortController();
  const running = new Set<Promise<Sent>>();

  async function tryAll(body: string): Promise<Sent> {
    const answers: (number | "none")[] = [];
    while (answers.length < TRIES && !closing.signal.aborted) {
      if (answers.length > 0) await sleep(pauseMs, closing.signal);
      const answer = await once(body);
      answers.push(answer);
      if (answer === 200) return { delivered: true, answers };
    }
    return { delivered: false, answers };
  }

  async function once(body: string): Promise<number | "none"> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { "content-type": "application/json", ...signature() };
    try {
      const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return "none";
    }
  }

  function signature(): Readonly<Record<string, string>> {
    if (authKey === undefined) return {};
    const timestamp = String(Math.floor(now() / 1000));
    return { "x-vod-timestamp": timestamp, "x-vod-signature": hash("md5", `${callbackUrl}|${timestamp}|${authKey}`) };
  }

  return {
    send(body) {
      const sending = tryAll(body).finally(() => running.delete(sending));
      running.add(sending);
      return sending;
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}
