/** Alibaba Cloud VOD's HTTP callbacks on their own, with events coming. */
import { z } from "zod";
import { createCommand } from "../kit/command.ts";
import { Amount, HttpUrl, someOf, Whole } from "../kit/flag-values.ts";
import { startSteady } from "../kit/steady.ts";
import { EVENT_TYPES, sampleOf } from "./samples.ts";
import { createSender } from "./sender.ts";

const HELP = `Alibaba Cloud VOD, calling a worker on this machine with real signatures and its own retries.

  --to URL               where it calls (http://127.0.0.1:3000/callbacks/alibaba-vod)
  --callback-url TEXT    the address that is signed, if it is not that of --to
  --auth-key TEXT        what calls are signed with; without it nothing is signed
  --rate N               events per second (1)
  --count N              ends after so many events; without it they keep coming
  --types A,B            only these event types (all ${EVENT_TYPES.length})
  --help
`;

const schema = z.object({
  to: HttpUrl.default("http://127.0.0.1:3000/callbacks/alibaba-vod"),
  "callback-url": z.string().min(1).optional(),
  "auth-key": z.string().min(1).optional(),
  rate: Amount.pipe(z.number().positive("must be more than 0")).default(1),
  count: Whole.default(Infinity),
  types: someOf(EVENT_TYPES, "event type").default([...EVENT_TYPES]),
});

export const simulate = createCommand({
  schema,
  help: HELP,
  async start({ to, "callback-url": callbackUrl = to, "auth-key": authKey, rate, count, types }, log) {
    const sender = createSender({ url: to, callbackUrl, authKey });
    for (const line of introduction(to, callbackUrl, authKey)) log(line);
    const traffic = startSteady({ rate, count, step: (n) => void report(types[n % types.length] ?? "") });
    return {
      close() {
        traffic.close();
        return sender.close();
      },
    };

    /** Never rejects. It reports an event that is given up: the event is lost, and the real vendor says nothing. */
    async function report(type: string): Promise<void> {
      const { delivered, answers } = await sender.send(JSON.stringify(sampleOf(type)));
      log(delivered ? `${type} was taken` : `${type} was given up after ${answers.join(", ")}`);
    }
  },
});

function introduction(to: string, callbackUrl: string, authKey: string | undefined): readonly string[] {
  return [
    `The simulator of Alibaba Cloud VOD calls ${to}`,
    ...(authKey === undefined
      ? ["Its calls are not signed (--auth-key)."]
      : [
          "A worker takes its calls with",
          `  ALIBABA_VOD_CALLBACK_URLS=${callbackUrl}`,
          "  ALIBABA_VOD_AUTH_KEYS=(what --auth-key says)",
        ]),
  ];
}
