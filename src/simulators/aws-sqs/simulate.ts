/** `npm run simulate -- --vendor aws-sqs`: the simulated SQS on its own, with events coming. */
import { z } from "zod";
import { commandLine } from "../../core/command-line.ts";
import { announced, createCommand } from "../kit/command.ts";
import { listening } from "../kit/flags.ts";
import { Amount, Port, QueueNames, Whole } from "../kit/flag-values.ts";
import { openAwsSqs } from "./door.ts";

const HELP = `Usage: ${commandLine("simulate", "--vendor", "aws-sqs", "[options]")}

Queues of Amazon SQS on this machine that EventBridge puts MediaConvert's events into, with real signatures.

  --port N               where it listens (8789)
  --host NAME            127.0.0.1; 0.0.0.0 lets other machines in (not to /control/)
  --queues A,B           their names (mediaconvert)
  --rate N               events per second (1); 0: none but those you publish
  --visibility-ms N      how long a received message stays hidden, instead of what a call asks for
  --access-key-id, --secret-access-key   what calls must be signed with (simulator, simulator)
  --max-unconfirmed N    publishing pauses at this many (10000)
  --help
`;

const schema = z.object({
  port: Port.default(8789),
  host: z.string().min(1).default("127.0.0.1"),
  queues: QueueNames.optional(),
  rate: Amount.default(1),
  "visibility-ms": Whole.optional(),
  "access-key-id": z
    .string()
    .regex(/^[^/,\s]+$/, "must be without commas, slashes and blanks")
    .optional(),
  "secret-access-key": z.string().min(1).optional(),
  "max-unconfirmed": Whole.default(10_000),
});

export const simulate = createCommand({
  schema,
  help: HELP,
  async start(flags, log) {
    const door = await listening(flags, () =>
      openAwsSqs({
        port: flags.port,
        host: flags.host,
        queues: flags.queues,
        visibilityMs: flags["visibility-ms"],
        accessKeyId: flags["access-key-id"],
        secretAccessKey: flags["secret-access-key"],
      }),
    );
    const about = {
      title: "The simulator of Amazon SQS",
      url: door.simulator.url,
      secrets: { AWS_SECRET_ACCESS_KEY: "--secret-access-key" },
      examples: [{ type: "COMPLETE", count: 3 }, { body: "no event at all" }],
    };
    return announced(door, about, { rate: flags.rate, most: flags["max-unconfirmed"], log });
  },
});
