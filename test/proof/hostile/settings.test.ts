import { constantFrom, dictionary, oneof, record, string, tuple, webUrl } from "fast-check";
import { anyCharacter } from "../../support/characters.ts";
import { pino } from "pino";
import { expect, test } from "vitest";
import { ConfigError } from "../../../src/config/config-error.ts";
import { type Config, readConfig } from "../../../src/config/config.ts";
import { SECRETS, VARIABLES } from "../../../src/config/all-settings.ts";
import { VendorError } from "../../../src/core/errors.ts";
import { openReceivers, openSources } from "../../../src/worker/doors.ts";
import { createUrlSigner as createAlibabaSigner } from "../../../src/vendors/alibaba-vod/events/url-signing.ts";
import { createUrlSigner as createTencentSigner } from "../../../src/vendors/tencent-vod/events/url-signing.ts";
import { jsonText, rawText } from "./arbitraries.ts";
import { holds, timed, TIMEOUT } from "./runs.ts";

/** Stands for a secret, as a value of its own or inside a URL. */
const CANARY = "hush-canary-1234567";
const CREDENTIALS = [`https://user:${CANARY}@vod.example.com`, `http://h/?token=${CANARY}`, `redis://:${CANARY}@h:1/0`];
const PLAUSIBLE = [
  "http",
  "pull,work,http",
  "0",
  "3000",
  "-1",
  "1e9",
  "127.0.0.1",
  "[::1]",
  "hold",
  "confirm",
  "v4",
  "warn",
  "https://vod.example.com",
  "http://127.0.0.1:1",
  "https://1.mns.cn-shanghai.aliyuncs.com",
  "redis://h:1",
  "a,b",
  "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
  "/nowhere/at/all",
  ".",
  "\u0000",
  "a".repeat(100_000),
  `${"1,".repeat(30_000)}1`,
  "whsec_",
  "\ud800",
];
const names = oneof(
  { weight: 9, arbitrary: constantFrom(...VARIABLES) },
  { weight: 1, arbitrary: constantFrom(...SECRETS.map((name) => `${name}_FILE`)) },
  { weight: 1, arbitrary: constantFrom("__proto__", "constructor", "TENCENT_VOD_", "ZEGO_CALLBACK_SECRET", "QUEUE_X") },
);
const values = oneof(
  { weight: 6, arbitrary: constantFrom(...PLAUSIBLE) },
  { weight: 2, arbitrary: constantFrom(...CREDENTIALS) },
  { weight: 2, arbitrary: string({ unit: anyCharacter, maxLength: 30 }) },
  { weight: 1, arbitrary: jsonText },
);
/** A complete set of settings. Without it hardly any drawn environment would be accepted. */
const WHOLE = {
  TENCENTCLOUD_SECRET_ID: CANARY,
  TENCENTCLOUD_SECRET_KEY: CANARY,
  TENCENT_VOD_SIGN_KEY: CANARY,
  ZEGO_CALLBACK_SECRETS: CANARY,
  CALLBACK_SUFFIX: CANARY,
  DASHBOARD_PASSWORD: CANARY,
};
const environments = tuple(constantFrom<object[]>({}, WHOLE), dictionary(names, values, { maxKeys: 4 }));

test("any environment gives a configuration, or a ConfigError without secrets", TIMEOUT, async () => {
  await holds("environment", environments, async ([given, drawn]) => {
    const env = { ...given, ...drawn };
    const read = timed(() => outcomeOf(env));
    const said = read instanceof ConfigError ? [read.message, read.stack] : read.notes;
    expect(JSON.stringify(said)).not.toContain(CANARY);
    if (read instanceof ConfigError) expect(read.mistakes.length).toBeGreaterThan(0);
    else await expectWorking(read);
  });
});

/** An accepted configuration must be enough to build the parts. */
async function expectWorking(config: Config): Promise<void> {
  expect(Object.isFrozen(config)).toBe(true);
  expect(await openReceivers(config)).toBeDefined();
  try {
    for (const source of await openSources(config, pino({ level: "silent" }))) source.close();
  } catch (err) {
    if (!(err instanceof VendorError)) throw err;
    expect(err.kind).toBe("configuration");
    expect(err.message).not.toContain(CANARY);
  }
}

function outcomeOf(env: object): Config | ConfigError {
  try {
    return readConfig({ ...env });
  } catch (err) {
    if (err instanceof ConfigError) return err;
    throw err;
  }
}

const KEY = "url-signing-key";
const SIGNERS = {
  tencent: createTencentSigner({ key: KEY, validMs: 60_000, images: true }),
  A: createAlibabaSigner({ type: "A", key: KEY }),
  B: createAlibabaSigner({ type: "B", key: KEY }),
  C: createAlibabaSigner({ type: "C", key: KEY }),
};
const addresses = oneof(
  webUrl({ withFragments: true, withQueryParameters: true }),
  tuple(webUrl(), rawText).map((parts) => parts.join("")),
  rawText,
  constantFrom(
    "data:,x",
    "javascript:1",
    "file:///a",
    "blob:http://a/b",
    "http://[::1]:1/%",
    "//v/a",
    "http:a",
    "ftp://h/f",
  ),
);

test("any URL is signed without changing its host and path, or refused as no URL", TIMEOUT, async () => {
  const cases = record({
    signer: constantFrom("tencent" as const, "A" as const, "B" as const, "C" as const),
    address: addresses,
  });
  await holds("signed addresses", cases, ({ signer, address }) => {
    const url = URL.parse(address);
    if (!url) {
      expect(() => timed(() => SIGNERS[signer](address))).toThrow(TypeError);
      return;
    }
    const text = timed(() => SIGNERS[signer](address));
    expect(text).not.toContain(KEY);
    // Only web addresses are signed for a CDN.
    if (!/^https?:/.test(url.protocol)) return;
    const signed = new URL(text);
    expect(signed.origin).toBe(url.origin);
    expect(signed.pathname.endsWith(url.pathname)).toBe(true);
    expect(signed.href).not.toBe(url.href);
  });
});
