/** `npm run simulate`: the simulator on its own, with events coming. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { announced, createCommand } from "../kit/command.ts";
import { listening } from "../kit/flags.ts";
import { Amount, Names, Port, someOf, Whole } from "../kit/flag-values.ts";
import { openTencentVod } from "./door.ts";
import { EVENT_TYPES } from "./samples.ts";

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

const schema = z.object({
  port: Port.default(8787),
  host: z.string().min(1).default("127.0.0.1"),
  rate: Amount.default(1),
  types: someOf(EVENT_TYPES, "event type").optional(),
  seed: Whole.optional(),
  "window-ms": Whole.optional(),
  handles: z.enum(["new", "same"]).optional(),
  stale: z.enum(["refuse-all", "take-good-refuse-call", "accept-silently"]).optional(),
  "sub-app-ids": Names.pipe(
    z.array(
      z
        .string()
        .regex(/^[1-9]\d{0,14}$/, "must be positive whole numbers")
        .transform(Number),
    ),
  ).optional(),
  "secret-id": z.string().min(1).optional(),
  "secret-key": z.string().min(1).optional(),
  "max-unconfirmed": Whole.default(10_000),
});

export const simulate = createCommand({
  schema,
  help: HELP,
  async start(flags, log) {
    const door = await listening(flags, () =>
      openTencentVod({
        port: flags.port,
        host: flags.host,
        seed: flags.seed,
        types: flags.types,
        windowMs: flags["window-ms"],
        handles: flags.handles,
        staleHandles: flags.stale,
        subAppIds: flags["sub-app-ids"],
        secretId: flags["secret-id"],
        secretKey: flags["secret-key"],
      }),
    );
    const about = {
      title: "The simulator of Tencent VOD",
      url: door.simulator.url,
      secrets: { TENCENTCLOUD_SECRET_KEY: "--secret-key" },
      examples: [{ type: "NewFileUpload", count: 3 }],
    };
    return announced(door, about, { rate: flags.rate, most: flags["max-unconfirmed"], log });
  },
});
