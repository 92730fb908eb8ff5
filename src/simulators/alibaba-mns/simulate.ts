/** `npm run simulate -- --vendor alibaba-mns`: the simulated MNS on its own, with events coming. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { listening, readFlags } from "../kit/flags.ts";
import { type MnsSimulator, startMnsSimulator } from "./server.ts";
import { startTraffic } from "./traffic.ts";

const HELP = `Usage: ${commandLine("simulate", "--vendor", "alibaba-mns", "[options]")}

Queues of Alibaba Cloud MNS on this machine that Alibaba Cloud VOD puts its events into, with real signatures (V2 and V4).

  --port N               where it listens (8788)
  --host NAME            127.0.0.1; 0.0.0.0 lets other machines in (not to /control/)
  --queues A,B           their names (vod-events)
  --rate N               events per second (1); 0: none but those you publish
  --base64               every second event comes in base64
  --visibility-ms N      how long a received message stays hidden (30000)
  --long-polls N         calls that one queue holds at the same time (1000); beyond that they are answered at once
  --access-key-id, --access-key-secret   what calls must be signed with (simulator, simulator)
  --max-unconfirmed N    publishing pauses at this many (10000)
  --help
`;

const whole = z
  .string()
  .regex(/^\d{1,12}$/, "must be a whole number")
  .transform(Number);

const FlagsSchema = z.object({
  port: whole.pipe(z.int().max(65_535)).default(8788),
  host: z.string().min(1).default("127.0.0.1"),
  queues: z
    .string()
    .regex(/^[\w-]+(,[\w-]+)*$/, "must be names of letters, digits and hyphens, with commas between them")
    .transform((text) => text.split(","))
    .default(["vod-events"]),
  rate: z
    .string()
    .regex(/^\d{1,6}(\.\d+)?$/, "must be a number")
    .transform(Number)
    .default(1),
  base64: z.boolean().default(false),
  "visibility-ms": whole.optional(),
  "long-polls": whole.optional(),
  "access-key-id": z
    .string()
    .regex(/^[^:/,\s]+$/, "must be without colons, commas, slashes and blanks")
    .default("simulator"),
  "access-key-secret": z.string().min(1).default("simulator"),
  "max-unconfirmed": whole.default(10_000),
});

/** Rejects with a `UsageError` when a flag is wrong or the port is taken. With --help nothing is started. */
export async function simulate(
  argv: readonly string[],
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  const flags = readFlags(FlagsSchema, argv, ["base64"]);
  if (!flags) {
    log(HELP);
    return { close: async () => {} };
  }
  const simulator = await listening(flags, () =>
    startMnsSimulator({
      port: flags.port,
      host: flags.host,
      queues: flags.queues,
      visibilityMs: flags["visibility-ms"],
      longPolls: flags["long-polls"],
      accessKeyId: flags["access-key-id"],
      accessKeySecret: flags["access-key-secret"],
    }),
  );
  for (const line of introduction(simulator, flags)) log(line);
  const { rate, base64, "max-unconfirmed": maxUnconfirmed } = flags;
  const traffic = rate > 0 ? startTraffic({ simulator, rate, base64, maxUnconfirmed, log }) : undefined;
  return {
    close: () => {
      traffic?.close();
      return simulator.close();
    },
  };
}

function introduction({ url }: MnsSimulator, flags: z.infer<typeof FlagsSchema>): readonly string[] {
  const { "access-key-id": accessKeyId, "access-key-secret": secret, queues, rate } = flags;
  return [
    `The simulator of Alibaba Cloud MNS answers at ${url}`,
    "A worker finds it with",
    `  ALIBABA_CLOUD_ACCESS_KEY_ID=${accessKeyId}`,
    `  ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret === "simulator" ? secret : "(what --access-key-secret says)"}`,
    `  ALIBABA_MNS_QUEUES=${queues.join(",")}`,
    `  ALIBABA_MNS_ENDPOINT=${url}`,
    "Publish events of your own, and see what became of them:",
    `  curl ${url}/control/events -d '{"type":"SnapshotComplete","count":3}'`,
    `  curl ${url}/control/events -d '{"body":"no event at all"}'`,
    `  curl '${url}/control/events?limit=5'`,
    `  curl ${url}/control/stats`,
    rate > 0 ? `${rate} events per second come by themselves.` : "No events come by themselves.",
  ];
}
