/** Alibaba Cloud VOD as it calls: each call signed for the configured address. */
import { hash } from "node:crypto";
import { type CallerOptions, createCaller, type Outcome } from "../kit/caller.ts";

export type SenderOptions = CallerOptions & {
  /** The configured address, which the signature covers. It is `url`, unless the calls pass a proxy. */
  readonly callbackUrl?: string | undefined;
  /** Without a key nothing is signed. */
  readonly authKey?: string | undefined;
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

export type Sender = {
  /** Sends one body. Repeats it until the worker accepts it or the vendor gives up. */
  send(body: string): Promise<Outcome>;
  /** Ends the calls that are under way. */
  close(): Promise<void>;
};

export function createSender({ authKey, now = Date.now, ...options }: SenderOptions): Sender {
  const { callbackUrl = options.url } = options;
  const caller = createCaller(options);
  return {
    send: (body) => caller.call(() => ({ headers: { "content-type": "application/json", ...signature() }, body })),
    close: () => caller.close(),
  };

  function signature(): Readonly<Record<string, string>> {
    if (authKey === undefined) return {};
    const timestamp = String(Math.floor(now() / 1000));
    return { "x-vod-timestamp": timestamp, "x-vod-signature": hash("md5", `${callbackUrl}|${timestamp}|${authKey}`) };
  }
}
