/** `npm run simulate -- --vendor zegocloud`: the vendor's calls on their own, to a worker that is already running. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { readFlags } from "../kit/flags.ts";
import { ENCODINGS } from "./calls.ts";
import { EVENT_KINDS } from "./samples.ts";
import { startZegoSender, type ZegoSender } from "./sender.ts";
import { startTraffic } from "./traffic.ts";

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

const whole = z
  .string()
  .regex(/^\d{1,12}$/, "must be a whole number")
  .transform(Number);
const amount = z
  .string()
  .regex(/^\d{1,6}(\.\d+)?$/, "must be a number")
  .transform(Number);
const kinds = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  )
  .pipe(z.array(z.enum(EVENT_KINDS, { error: ({ input }) => `there is no event ${String(input)}` })).min(1));

const FlagsSchema = z.object({
  target: z
    .url({ protocol: /^https?$/, error: "must be an address that begins with http:// or https://" })
    .default(TARGET),
  secret: z.string().min(1).default("simulator"),
  rate: amount.refine((rate) => rate > 0, "must be more than 0").default(1),
  types: kinds.optional(),
  encoding: z.enum(ENCODINGS).optional(),
  "twice-every": whole.default(10),
  "forged-every": whole.default(20),
  pace: amount.optional(),
  "app-id": whole.transform(String).optional(),
  seed: whole.optional(),
  "max-pending": whole.default(10_000),
});

type Flags = z.infer<typeof FlagsSchema>;

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
  for (const line of introduction(flags)) log(line);
  return start(flags, log);
}

function start(flags: Flags, log: (line: string) => void): { close(): Promise<void> } {
  const { target: url, secret, seed, pace, "app-id": appId, encoding } = flags;
  const sender = startZegoSender({ url, secret, seed, pace, appId });
  const traffic = startTraffic({
    sender: { ...sender, send: (kind, how) => sender.send(kind, { encoding, ...how }) },
    rate: flags.rate,
    kinds: flags.types ?? EVENT_KINDS,
    twiceEvery: flags["twice-every"],
    forgedEvery: flags["forged-every"],
    maxPending: flags["max-pending"],
    log,
  });
  const report = setInterval(() => log(summary(sender)), REPORT_EVERY_MS);
  return {
    async close() {
      clearInterval(report);
      traffic.close();
      await sender.close();
      log(summary(sender));
    },
  };
}

function introduction({ target, secret, rate }: Flags): readonly string[] {
  return [
    `ZEGOCLOUD's simulator calls ${target}`,
    "A worker takes its calls with",
    `  ZEGO_CALLBACK_SECRETS=${secret === "simulator" ? secret : "(what --secret says)"}`,
    `${rate} events per second are sent.`,
  ];
}

/** What was not taken says why, since that is what one looks for. */
function summary({ stats, history }: ZegoSender): string {
  const { sent, taken, lost, pending, retries, forged, forgedTaken } = stats();
  const failed = history.findLast(({ outcome, forged: isForged }) => outcome !== "taken" && !isForged)?.tries.at(-1);
  const why = failed && pending + lost > 0 ? `; the last one not taken: ${failed.status}` : "";
  return `${sent} events: ${taken} taken, ${pending} pending, ${lost} lost, ${retries} retries; ${forged} forged, ${forgedTaken} of them taken${why}`;
}
