import { ConfigError, readConfig } from "../../src/config/config.ts";

export const credentials = { TENCENTCLOUD_SECRET_ID: "AKIDtest", TENCENTCLOUD_SECRET_KEY: "key-of-test" };
export const forwardSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

export function mistakesIn(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}
