/** `npm run simulate -- --vendor zegocloud`: the vendor's calls on their own, to a worker that is already running. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { createCommand, settingsLines, withTraffic } from "../kit/command.ts";
import { Amount, HttpUrl, someOf, Whole } from "../kit/flag-values.ts";
import { ENCODINGS } from "./calls.ts";
import { openZegocloud } from "./door.ts";
import { EVENT_KINDS } from "./samples.ts";

const TARGET = "http://127.0.0.1:3000/callbacks/zegocloud";

const HELP = `Usage: ${commandLine("simulate", "--vendor", "zegocloud", "[options]")}

Calls a worker as ZEGOCLOUD does: signed, in every form its bodies come in, and again after 2, 4, 8, 16 and 32 s until
it answers with a 2xx.

  --target URL           what is called, with its suffix if there is one
                         (${TARGET})
  --secret TEXT          the callback secret (simulator)
  --rate N               events per second (1)
  --types A,B            only these events (all ${EVENT_KINDS.length})
  --encoding HOW         ${ENCODINGS.join(", ")} (all in turn)
  --twice-every N        every so many events one comes twice at once (10); 0: never
  --forged-every N       every so many events one is forged as well (20); 0: never
  --pace N               pauses between tries are multiplied by this (1)
  --app-id N             the application the events are of (3141592653)
  --seed N               equal seeds make equal events
  --max-pending N        sending pauses at this many unanswered ones (10000)
  --help
`;

const REPORT_EVERY_MS = 10_000;

const schema = z.object({
  target: HttpUrl.default(TARGET),
  secret: z.string().min(1).optional(),
  rate: Amount.pipe(z.number().positive("must be more than 0")).default(1),
  types: someOf(EVENT_KINDS, "event").optional(),
  encoding: z.enum(ENCODINGS).optional(),
  "twice-every": Whole.default(10),
  "forged-every": Whole.default(20),
  pace: Amount.optional(),
  "app-id": Whole.transform(String).optional(),
  seed: Whole.optional(),
  "max-pending": Whole.default(10_000),
});

export const simulate = createCommand({
  schema,
  help: HELP,
  async start(flags, log) {
    const { target: url, secret, types, encoding, pace, seed, rate } = flags;
    const [twiceEvery, forgedEvery, appId] = [flags["twice-every"], flags["forged-every"], flags["app-id"]];
    const door = await openZegocloud({ url, secret, types, encoding, pace, seed, appId, twiceEvery, forgedEvery });
    log(`ZEGOCLOUD's simulator calls ${url}`);
    log("A worker takes its calls with");
    for (const line of settingsLines(door.env, { ZEGO_CALLBACK_SECRETS: "--secret" })) log(line);
    log(`${rate} events per second are sent.`);
    const running = withTraffic(door, { rate, most: flags["max-pending"], log });
    const report = setInterval(() => log(door.summary()), REPORT_EVERY_MS);
    return {
      async close() {
        clearInterval(report);
        await running.close();
        log(door.summary());
      },
    };
  },
});
