/** Tencent VOD's other way to report events: it calls the worker. */
import { hash } from "node:crypto";
import { type CallerOptions, createCaller, type Outcome } from "../kit/caller.ts";
import type { EventBody } from "../kit/door.ts";

/** `url`: where the application's events go. The vendor does not document the pause between its tries. */
export type PusherOptions = CallerOptions & {
  /** Signs every try anew, as the vendor does once a key is set. */
  readonly signKey?: string | undefined;
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

export type Pusher = {
  /** Sends one event. Repeats it until the worker accepts it or the vendor gives up. */
  push(event: EventBody): Promise<Outcome>;
  /** Ends the calls that are under way. */
  close(): Promise<void>;
};

/** How long a signature is valid. */
const VALID_SECONDS = 600;

export function createPusher({ signKey, now = Date.now, ...options }: PusherOptions): Pusher {
  const caller = createCaller(options);
  return {
    push: (event) =>
      caller.call(() => ({
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...withoutNulls(event), ...signature() }),
      })),
    close: () => caller.close(),
  };

  function signature(): EventBody {
    if (signKey === undefined) return {};
    const expires = String(Math.floor(now() / 1000) + VALID_SECONDS);
    return { Sign: hash("md5", signKey + expires), T: expires };
  }
}

/** Pushed bodies omit fields that are null in pulled ones. */
function withoutNulls(event: EventBody): EventBody {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
}
