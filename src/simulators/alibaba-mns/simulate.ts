/** `npm run simulate -- --vendor alibaba-mns`: the simulated MNS on its own, with events coming. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { announced, createCommand } from "../kit/command.ts";
import { listening } from "../kit/flags.ts";
import { Amount, Port, QueueNames, Whole } from "../kit/flag-values.ts";
import { openAlibabaMns } from "./door.ts";

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

const schema = z.object({
  port: Port.default(8788),
  host: z.string().min(1).default("127.0.0.1"),
  queues: QueueNames.optional(),
  rate: Amount.default(1),
  base64: z.boolean().default(false),
  "visibility-ms": Whole.optional(),
  "long-polls": Whole.optional(),
  "access-key-id": z
    .string()
    .regex(/^[^:/,\s]+$/, "must be without colons, commas, slashes and blanks")
    .optional(),
  "access-key-secret": z.string().min(1).optional(),
  "max-unconfirmed": Whole.default(10_000),
});

export const simulate = createCommand({
  schema,
  help: HELP,
  switches: ["base64"],
  async start(flags, log) {
    const door = await listening(flags, () =>
      openAlibabaMns({
        port: flags.port,
        host: flags.host,
        queues: flags.queues,
        base64: flags.base64,
        visibilityMs: flags["visibility-ms"],
        longPolls: flags["long-polls"],
        accessKeyId: flags["access-key-id"],
        accessKeySecret: flags["access-key-secret"],
      }),
    );
    const about = {
      title: "The simulator of Alibaba Cloud MNS",
      url: door.simulator.url,
      secrets: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "--access-key-secret" },
      examples: [{ type: "SnapshotComplete", count: 3 }, { body: "no event at all" }],
    };
    return announced(door, about, { rate: flags.rate, most: flags["max-unconfirmed"], log });
  },
});
