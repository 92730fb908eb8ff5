/** Opens the sources and receivers of the configured vendors. */
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Receiver } from "../core/receiver.ts";
import type { Source } from "../core/source.ts";

type Vendors = Pick<Config, "vendors">;

/** Whether this process takes callbacks, so that anybody may call it. */
export function takesCallbacks({ roles, vendors }: Pick<Config, "roles" | "vendors">): boolean {
  return roles.includes("http") && vendors.some(({ push }) => push !== undefined);
}

export async function openSources({ vendors }: Vendors, log: Logger): Promise<readonly Source[]> {
  return (await Promise.all(vendors.map((vendor) => vendor.openSources(log)))).flat();
}

export async function openReceivers({ vendors }: Vendors): Promise<readonly Receiver[]> {
  return (await Promise.all(vendors.map((vendor) => vendor.openReceivers()))).flat();
}
