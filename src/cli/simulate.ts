/** `npm run simulate`: one vendor's simulator on its own, with events coming. */
import { parseArgs } from "node:util";
import { ConfigError } from "../config/config.ts";
import type { Simulate } from "../simulators/kit/command.ts";
import { UsageError } from "../simulators/kit/usage-error.ts";
import { createLog, stopOnSignal } from "./process.ts";

/** A new one adds its line here, and one below. */
const VENDORS: Readonly<Record<string, () => Promise<{ readonly simulate: Simulate }>>> = {
  "tencent-vod": () => import("../simulators/tencent-vod/simulate.ts"),
  "alibaba-mns": () => import("../simulators/alibaba-mns/simulate.ts"),
  "alibaba-vod": () => import("../simulators/alibaba-vod/simulate.ts"),
  zegocloud: () => import("../simulators/zegocloud/simulate.ts"),
  "aws-sqs": () => import("../simulators/aws-sqs/simulate.ts"),
};

const HELP = `Others are simulated with --vendor NAME, each with options of its own (--vendor NAME --help):

  tencent-vod            an account to pull from (the default)
  alibaba-mns            queues to pull Alibaba Cloud VOD's events from
  alibaba-vod            Alibaba Cloud VOD, calling a worker
  zegocloud              ZEGOCLOUD, calling a worker
  aws-sqs                queues to pull AWS MediaConvert's events from
`;

const GRACE_MS = 5_000;

/** Whoever reads only the beginning of what is printed wants no more of it. */
process.stdout.on("error", (err: NodeJS.ErrnoException) => process.exit(err.code === "EPIPE" ? 0 : 1));

export async function simulate(argv: readonly string[]): Promise<void> {
  try {
    const { vendor, others } = readVendor(argv);
    const start = Object.hasOwn(VENDORS, vendor) ? VENDORS[vendor] : undefined;
    if (!start) throw new UsageError(`--vendor: there is no ${vendor}; use ${Object.keys(VENDORS).join(", ")}`);
    const simulator = await (await start()).simulate(others, print);
    if (others.includes("--help")) return print(HELP);
    stopOnSignal(() => simulator.close(), GRACE_MS, createLog("warn"));
  } catch (err) {
    if (err instanceof UsageError) throw new ConfigError([err.message]);
    throw err;
  }
}

/** Takes `--vendor` out; what the other flags mean is for the vendor to say. */
function readVendor(argv: readonly string[]): { readonly vendor: string; readonly others: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: { vendor: { type: "string" } },
    strict: false,
    tokens: true,
  });
  const flag = tokens.findLast((token) => token.kind === "option" && token.name === "vendor");
  if (flag?.kind !== "option") return { vendor: "tencent-vod", others: argv };
  if (flag.value === undefined) throw new UsageError(`--vendor: which one? Use ${Object.keys(VENDORS).join(", ")}`);
  return { vendor: flag.value, others: argv.toSpliced(flag.index, flag.inlineValue ? 1 : 2) };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
