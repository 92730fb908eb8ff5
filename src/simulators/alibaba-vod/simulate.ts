/** Alibaba Cloud VOD's HTTP callbacks on their own, with events coming. */
import { z } from "zod";
import { readFlags } from "../kit/flags.ts";
import { EVENT_TYPES, sampleOf } from "./samples.ts";
import { createSender, type Sender } from "./sender.ts";

const HELP = `Alibaba Cloud VOD, calling a worker on this machine with real signatures and its own retries.

  --to URL               where it calls (http://127.0.0.1:3000/callbacks/alibaba-vod)
  --callback-url TEXT    the address that is signed, if it is not that of --to
  --auth-key TEXT        what calls are signed with; without it nothing is signed
  --rate N               events per second (1)
  --count N              ends after so many events; without it they keep coming
  --types A,B            only these event types (all ${EVENT_TYPES.length})
  --help
`;

const FlagsSchema = z.object({
  to: z
    .url({ protocol: /^https?$/, error: "must be an http address" })
    .default("http://127.0.0.1:3000/callbacks/alibaba-vod"),
  "callback-url": z.string().min(1).optional(),
  "auth-key": z.string().min(1).optional(),
  rate: z
    .string()
    .regex(/^\d{1,4}(\.\d+)?$/, "must be a number")
    .transform(Number)
    .pipe(z.number().positive("must be more than 0"))
    .default(1),
  count: z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .default(Infinity),
  types: z
    .string()
    .transform((text) => text.split(",").map((item) => item.trim()))
    .pipe(z.array(z.enum(EVENT_TYPES, { error: ({ input }) => `there is no event type ${String(input)}` })))
    .default([...EVENT_TYPES]),
});

/** Rejects with a `UsageError` when a flag is wrong. With --help nothing is started. */
export async function simulate(
  argv: readonly string[],
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  const flags = readFlags(FlagsSchema, argv);
  if (!flags) {
    log(HELP);
    return { close: async () => {} };
  }
  const { to, "callback-url": callbackUrl = to, "auth-key": authKey, ...traffic } = flags;
  const sender = createSender({ url: to, callbackUrl, authKey });
  for (const line of introduction(to, callbackUrl, authKey)) log(line);
  const timer = startTraffic({ ...traffic, sender, log });
  return {
    close: () => {
      clearInterval(timer);
      return sender.close();
    },
  };
}

type Traffic = {
  readonly sender: Pick<Sender, "send">;
  readonly rate: number;
  readonly count: number;
  readonly types: readonly string[];
  readonly log: (line: string) => void;
};

/** Types take turns. An event that is given up is said, since the vendor would say nothing and it is lost. */
function startTraffic({ sender, rate, count, types, log }: Traffic): NodeJS.Timeout {
  let sent = 0;
  const timer = setInterval(next, 1000 / rate);
  next();
  return timer;

  function next(): void {
    const type = types[sent % types.length];
    if (sent >= count || type === undefined) return clearInterval(timer);
    sent += 1;
    void report(type);
  }

  /** Never rejects. */
  async function report(type: string): Promise<void> {
    const { delivered, answers } = await sender.send(JSON.stringify(sampleOf(type)));
    log(delivered ? `${type} was taken` : `${type} was given up after ${answers.join(", ")}`);
  }
}

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
