import { ConfigError } from "../../src/config/config-error.ts";
import { type Config, readConfig } from "../../src/config/config.ts";
import { VENDORS } from "../../src/vendors/index.ts";

export const credentials = { TENCENTCLOUD_SECRET_ID: "AKIDtest", TENCENTCLOUD_SECRET_KEY: "key-of-test" };
export const forwardSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

export function mistakesIn(env: Record<string, string | undefined>, vendors = VENDORS): readonly string[] {
  try {
    readConfig(env, vendors);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

/** What can be compared: without the functions that open doors. */
export function plain(config: Config): unknown {
  return JSON.parse(JSON.stringify(config));
}

/** A vendor as the environment configures it; undefined where its doors are closed. */
export function vendorIn(name: string, env: Record<string, string | undefined>) {
  return readConfig(env).vendors.find((vendor) => vendor.name === name);
}
