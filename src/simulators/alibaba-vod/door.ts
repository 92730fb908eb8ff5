/** Alibaba Cloud VOD, which calls the worker. */
import { inTurn } from "../kit/door.ts";
import { pushed, type PushedDoor } from "../kit/pushed.ts";
import type { Optional } from "../kit/settings.ts";
import { EVENT_TYPES, sampleOf } from "./samples.ts";
import { createSender, type SenderOptions } from "./sender.ts";

export type AlibabaVodOptions = Optional<SenderOptions> & {
  /** The types of the traffic's events. Default: all. */
  readonly types?: readonly string[] | undefined;
};

/** The address in the vendor's console. A proxy may hide it from the worker. */
const CALLBACK_URL = "https://callbacks.example.com/callbacks/alibaba-vod";

export async function openAlibabaVod(options: AlibabaVodOptions): Promise<PushedDoor> {
  const { url, callbackUrl = CALLBACK_URL, authKey = "simulator", types = EVENT_TYPES, ...times } = options;
  const nextType = inTurn(types);
  return pushed({
    vendor: "alibaba-vod",
    url,
    env: { ALIBABA_VOD_CALLBACK_URLS: callbackUrl, ALIBABA_VOD_AUTH_KEYS: authKey },
    sample: (type = nextType()) => sampleOf(type),
    senderTo(address) {
      const sender = createSender({ ...times, url: address, callbackUrl, authKey });
      return {
        send: (event) => sender.send(JSON.stringify(event)),
        sendBroken: () => sender.send('{"EventType":"FileUploadComplete",'),
        close: () => sender.close(),
      };
    },
  });
}
