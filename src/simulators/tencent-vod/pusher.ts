/** The other way Tencent VOD reports: it calls. It waits 5 s for an answer, tries twice more, and gives the event up. */
import { hash } from "node:crypto";
import type { JsonObject } from "../../core/event.ts";
import { sleep } from "../../core/sleep.ts";

export type PusherOptions = {
  /** Where the application's events go. */
  readonly url: string;
  /** Signs every try anew, as the vendor does once a key is set. */
  readonly signKey?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Between two tries; the vendor does not document it. */
  readonly pauseMs?: number | undefined;
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

/** `answers`: of each try the status, or that there was none. */
type Pushed = { readonly delivered: boolean; readonly answers: readonly (number | "none")[] };

export type Pusher = {
  /** Sends one event, and again until it was taken or given up. */
  push(event: JsonObject): Promise<Pushed>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

const TRIES = 3;
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 1_000;
/** How long a signature is good. */
const VALID_SECONDS = 600;

export function createPusher(options: PusherOptions): Pusher {
  const { url, signKey, timeoutMs = TIMEOUT_MS, pauseMs = PAUSE_MS, now = Date.now } = options;
  const closing = new AbortController();
  const running = new Set<Promise<Pushed>>();

  async function send(event: JsonObject): Promise<Pushed> {
    const answers: (number | "none")[] = [];
    while (answers.length < TRIES && !closing.signal.aborted) {
      if (answers.length > 0) await sleep(pauseMs, closing.signal);
      const answer = await once({ ...withoutNulls(event), ...signature() });
      answers.push(answer);
      if (answer === 200) return { delivered: true, answers };
    }
    return { delivered: false, answers };
  }

  async function once(body: JsonObject): Promise<number | "none"> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { "content-type": "application/json" };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        redirect: "manual",
        signal,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return "none";
    }
  }

  function signature(): JsonObject {
    if (signKey === undefined) return {};
    const expires = String(Math.floor(now() / 1000) + VALID_SECONDS);
    return { Sign: hash("md5", signKey + expires), T: expires };
  }

  return {
    push(event) {
      const sending = send(event).finally(() => running.delete(sending));
      running.add(sending);
      return sending;
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

/** Pushed bodies leave out what pulled ones say as null. */
function withoutNulls(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
}
