/** `start --wait`: for a container that would else be started again and again until somebody has set something. */
import { isConfigured } from "../config/config.ts";
import { nothingConfigured } from "../config/nothing-configured.ts";
import { VENDORS } from "../vendors/index.ts";

/** Resolves if a vendor is named. If not, it says so, and only a signal ends the process. */
export async function waitUnlessConfigured(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (isConfigured(env)) return;
  process.stderr.write(`${nothingConfigured(VENDORS)}\n\nThis worker waits. Start it again once something is set.\n`);
  await new Promise<never>(() => void setInterval(() => {}, 3_600_000));
}
