import { expect } from "vitest";
import { mistakeIn as textOf } from "../../src/cli/exit.ts";
import { main } from "../../src/cli/start.ts";
import { runToEnd } from "./process.ts";

/** Secrets that no error message may show. */
export const SECRETS = {
  TENCENTCLOUD_SECRET_KEY: "key-that-nobody-may-see",
  TENCENTCLOUD_SESSION_TOKEN: "token-that-nobody-may-see",
  FORWARD_SECRET: `whsec_${Buffer.from("secret that nobody may ever see").toString("base64")}`,
  DASHBOARD_PASSWORD: "password-that-nobody-may-see",
};
export const CREDENTIALS = {
  TENCENTCLOUD_SECRET_ID: "AKIDtest",
  TENCENTCLOUD_SECRET_KEY: SECRETS.TENCENTCLOUD_SECRET_KEY,
};
/** Nothing listens there. A test with this address proves that the mistake is found before Redis is asked. */
export const NO_REDIS = "redis://:redis-password-that-nobody-may-see@127.0.0.1:1";

/** Starts the worker, which must refuse. Its output may contain only the mistake and how to fix it. */
export async function refusalOf(env: Readonly<Record<string, string>>, exitCode = 2): Promise<string> {
  const { code, text, lines } = await runToEnd(env);
  expect({ code, text }).toEqual({ code: exitCode, text: expect.not.stringMatching(/^ +at |node:internal/m) });
  expect(lines).toEqual([]);
  expectNoSecretIn(text);
  return text;
}

/** Returns the message that the process would print, without starting one. */
export async function mistakeIn(env: Readonly<Record<string, string>>): Promise<string> {
  const refusal: unknown = await main(env).catch((err: unknown) => err);
  const text = await textOf(refusal);
  if (text === undefined) throw new Error("these settings are no mistake", { cause: refusal });
  expectNoSecretIn(text);
  return `${text}\n`;
}

function expectNoSecretIn(text: string): void {
  for (const secret of [...Object.values(SECRETS), "redis-password"]) expect(text).not.toContain(secret);
}
