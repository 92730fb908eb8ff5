import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { OWN_SETTINGS } from "../../src/config/settings.ts";
import { secret, secrets } from "../../src/settings/fields.ts";
import type { Settings, ValuesOf } from "../../src/settings/setting.ts";
import { defineVendor } from "../../src/vendors/vendor.ts";
import { mistakesIn } from "./support.ts";

const SUFFIX = "0123456789abcdef";
const SETTINGS = {
  NEWCLOUD_TOKEN: { field: secret, about: "To pull.", isSecret: true, opens: "pull" },
  NEWCLOUD_REGION: { field: secret, about: "A detail.", default: "eu" },
  NEWCLOUD_KEYS: { field: secrets, about: "To be called.", isSecret: true, opens: "push" },
} satisfies Settings;
type Values = ValuesOf<typeof SETTINGS>;

/** A vendor that the worker has never heard of. */
const newcloud = defineVendor({
  name: "newcloud",
  title: "New Cloud",
  prefixes: ["NEWCLOUD"],
  settings: SETTINGS,
  needs: ["NEWCLOUD_TOKEN", "NEWCLOUD_REGION"],
  trial: { NEWCLOUD_TOKEN: "simulator" },
  types: ["Uploaded"],
  outcomeOf: () => undefined,
  subjects: ["UploadId"],
  rules: ({ has, roles }) => [
    has("NEWCLOUD_TOKEN") && roles?.length === 2 ? "NEWCLOUD_TOKEN: two roles are too few" : undefined,
  ],
  notes: ({ NEWCLOUD_REGION: region }) => (region === "eu" ? [] : [`NEWCLOUD_REGION: ${region} is far away`]),
  pull: {
    read: ({ NEWCLOUD_TOKEN: token, NEWCLOUD_REGION: region }: Values, { proxyEnv }) =>
      token === undefined ? undefined : { token, region, proxyEnv },
    open: async () => [],
    longestPullMs: 2_000,
  },
  push: {
    read: ({ NEWCLOUD_KEYS: keys }: Values, { callbackSuffixes: suffixes }) => keys && { keys, suffixes },
    open: async () => [],
  },
});
const read = (env: Record<string, string>) => readConfig(env, [newcloud]);
const mistakes = (env: Record<string, string>) => mistakesIn(env, [newcloud]);

describe("a vendor that the worker has never heard of", () => {
  test("has its settings read, by name and with their defaults", () => {
    expect(read({ NEWCLOUD_TOKEN: "t", HTTPS_PROXY: "http://p:1" }).vendors).toMatchObject([
      { name: "newcloud", pull: { token: "t", region: "eu", proxyEnv: { HTTPS_PROXY: "http://p:1" } } },
    ]);
    expect(read({ NEWCLOUD_KEYS: "a,b", CALLBACK_SUFFIX: SUFFIX }).vendors).toMatchObject([
      { push: { keys: ["a", "b"], suffixes: [SUFFIX] } },
    ]);
  });

  test("is left out while none of its doors is configured", () => {
    expect(read({ CALLBACK_SUFFIX: SUFFIX, NEWCLOUD_REGION: "us" }).vendors).toEqual([]);
    expect(mistakes({ NEWCLOUD_REGION: "us" })).toEqual([expect.stringMatching(/^nothing is configured/)]);
  });

  test("is proposed with the settings of its simulator if nothing is configured", () => {
    expect(mistakes({})).toEqual([
      expect.stringMatching(/\n {4}New Cloud {2}NEWCLOUD_TOKEN, NEWCLOUD_REGION\n[^]*\n {4}NEWCLOUD_TOKEN=simulator$/),
    ]);
  });

  test("gets its own mistakes and broken rules reported", () => {
    expect(mistakes({ NEWCLOUD_TOKEN: "with space" })).toEqual([
      "NEWCLOUD_TOKEN: has white space or unusual characters in it; copy it again",
    ]);
    expect(mistakes({ NEWCLOUD_TOKEN: "t", ROLES: "pull,work", REDIS_URL: "redis://r" })).toEqual([
      "NEWCLOUD_TOKEN: two roles are too few",
    ]);
  });

  test("gets its own notes, and misspelt names are recognised", () => {
    expect(read({ NEWCLOUD_TOKEN: "t", NEWCLOUD_REGION: "us", CONFIRM_GRACE_MS: "2000" }).notes).toEqual([
      "NEWCLOUD_REGION: us is far away",
      "CONFIRM_GRACE_MS: 2000 is no longer than a pull from New Cloud may take; use more than 2000",
    ]);
    expect(read({ NEWCLOUD_TOKEN: "t", NEWCLOUD_REGON: "us" }).notes).toEqual([
      "NEWCLOUD_REGON: is not a setting of this worker; did you mean NEWCLOUD_REGION?",
    ]);
  });

  test("needs the role http if it has a push door", () => {
    const env = { ROLES: "work", REDIS_URL: "redis://r" };

    expect(mistakes({ NEWCLOUD_KEYS: "k", ...env })).toEqual([expect.stringMatching(/^ROLES: http is missing/)]);
    expect(mistakes({ NEWCLOUD_KEYS: "k", NEWCLOUD_TOKEN: "t", ...env })).toEqual([]);
  });
});

test("every default is a value that its setting accepts", () => {
  const defaults = Object.values(OWN_SETTINGS).flatMap((setting) => ("default" in setting ? [setting] : []));

  expect(defaults.filter((setting) => !setting.field.safeParse(setting.default).success)).toEqual([]);
});

test.each(["short", "0123456789/abcdef", "0123456789abcdef,short"])(
  "CALLBACK_SUFFIX=%s is refused, as easy to guess or no part of a path",
  (suffix) => {
    expect(mistakesIn({ CALLBACK_SUFFIX: suffix })).toEqual([
      expect.stringMatching(/^CALLBACK_SUFFIX: is not 16 to 128/),
    ]);
  },
);

test("no message about a vendor's setting shows a secret", () => {
  expect(mistakes({ NEWCLOUD_TOKEN: "very secret", CALLBACK_SUFFIX: "also secret" }).join()).not.toMatch(/very|also/);
});
