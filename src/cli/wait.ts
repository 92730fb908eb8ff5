/** `start --wait` is for containers: without settings the worker waits, and is not restarted in a loop. */
import { isConfigured } from "../config/config.ts";
import { nothingConfigured } from "../config/nothing-configured.ts";
import { VENDORS } from "../vendors/index.ts";

/** Resolves if a vendor is configured. Otherwise it prints how to configure one, and waits for a signal. */
export async function waitUnlessConfigured(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (isConfigured(env)) return;
  process.stderr.write(`${nothingConfigured(VENDORS)}\n\nThis worker waits. Start it again once something is set.\n`);
  await new Promise<never>(() => void setInterval(() => {}, 3_600_000));
}
