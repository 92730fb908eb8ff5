/** `npm run simulate`: the simulator on its own, with events coming. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { listening, readFlags } from "../kit/flags.ts";
import { EVENT_TYPES } from "./samples.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { startTraffic } from "./traffic.ts";

const HELP = `Usage: ${commandLine("simulate", "[options]")}

A Tencent VOD account of its own on this machine: PullEvents, ConfirmEvents and the event settings, with real signatures.

  --port N               where it listens (8787)
  --host NAME            127.0.0.1; 0.0.0.0 lets other machines in (not to /control/)
  --rate N               events per second (1); 0: none but those you publish
  --types A,B            only these event types (all ${EVENT_TYPES.length})
  --seed N               equal seeds make equal events
  --window-ms N          how long a pulled event stays hidden (30000)
  --handles new|same     what a redelivery carries (new)
  --stale HOW            refuse-all, take-good-refuse-call or accept-silently (refuse-all)
  --sub-app-ids N,N      the account's applications (only the default one)
  --secret-id, --secret-key   what calls must be signed with (simulator, simulator)
  --max-unconfirmed N    publishing pauses at this many (10000)
  --help
`;

const whole = z
  .string()
  .regex(/^\d{1,12}$/, "must be a whole number")
  .transform(Number);
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const FlagsSchema = z.object({
  port: whole.pipe(z.int().max(65_535)).default(8787),
  host: z.string().min(1).default("127.0.0.1"),
  rate: z
    .string()
    .regex(/^\d{1,6}(\.\d+)?$/, "must be a number")
    .transform(Number)
    .default(1),
  types: list
    .pipe(z.array(z.enum(EVENT_TYPES, { error: ({ input }) => `there is no event type ${String(input)}` })).min(1))
    .optional(),
  seed: whole.optional(),
  "window-ms": whole.optional(),
  handles: z.enum(["new", "same"]).optional(),
  stale: z.enum(["refuse-all", "take-good-refuse-call", "accept-silently"]).optional(),
  "sub-app-ids": list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[1-9]\d{0,14}$/, "must be positive whole numbers")
          .transform(Number),
      ),
    )
    .optional(),
  "secret-id": z.string().min(1).default("simulator"),
  "secret-key": z.string().min(1).default("simulator"),
  "max-unconfirmed": whole.default(10_000),
});

/** Rejects with a `UsageError` when a flag is wrong or the port is taken. With --help nothing is started. */
export async function simulate(
  argv: readonly string[],
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  const flags = readFlags(FlagsSchema, argv);
  if (!flags) {
    log(HELP);
    return { close: async () => {} };
  }
  const simulator = await listening(flags, () =>
    startSimulator({
      port: flags.port,
      host: flags.host,
      seed: flags.seed,
      windowMs: flags["window-ms"],
      handles: flags.handles,
      staleHandles: flags.stale,
      subAppIds: flags["sub-app-ids"],
      secretId: flags["secret-id"],
      secretKey: flags["secret-key"],
    }),
  );
  for (const line of introduction(simulator, flags)) log(line);
  const { rate, types = EVENT_TYPES, "max-unconfirmed": maxUnconfirmed } = flags;
  const traffic = rate > 0 ? startTraffic({ simulator, rate, types, maxUnconfirmed, log }) : undefined;
  return {
    close: () => {
      traffic?.close();
      return simulator.close();
    },
  };
}

function introduction({ url }: Simulator, flags: z.infer<typeof FlagsSchema>): readonly string[] {
  const { "secret-id": secretId, "secret-key": secretKey, "sub-app-ids": subAppIds = [] } = flags;
  return [
    `The simulator of Tencent VOD answers at ${url}`,
    "A worker finds it with",
    `  TENCENTCLOUD_SECRET_ID=${secretId}`,
    `  TENCENTCLOUD_SECRET_KEY=${secretKey === "simulator" ? secretKey : "(what --secret-key says)"}`,
    ...(subAppIds.length > 0 ? [`  TENCENT_VOD_SUB_APP_IDS=${subAppIds.join(",")}`] : []),
    ...(flags["window-ms"] === undefined ? [] : [`  TENCENT_VOD_CONFIRM_WINDOW_MS=${flags["window-ms"]}`]),
    `  TENCENT_VOD_ENDPOINT=${url}`,
    "Publish events of your own, and see what became of them:",
    `  curl ${url}/control/events -d '{"type":"NewFileUpload","count":3}'`,
    `  curl '${url}/control/events?limit=5'`,
    `  curl ${url}/control/stats`,
    flags.rate > 0 ? `${flags.rate} events per second come by themselves.` : "No events come by themselves.",
  ];
}
