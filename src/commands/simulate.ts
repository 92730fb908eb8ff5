import { ConfigError } from "../config.ts";
import { UsageError } from "../core/usage-error.ts";
import { createLog, stopOnSignal } from "../process.ts";
import { simulate as simulateTencentVod } from "../vendors/tencent-vod/simulate.ts";

export async function simulate(argv: readonly string[]): Promise<void> {
  try {
    const simulator = await simulateTencentVod(argv, (line) => process.stdout.write(`${line}\n`));
    stopOnSignal(() => simulator.close(), 5_000, createLog("warn"));
  } catch (err) {
    if (err instanceof UsageError) throw new ConfigError([err.message]);
    throw err;
  }
}
