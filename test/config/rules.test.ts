import { describe, expect, test } from "vitest";
import { SECRETS, VARIABLES } from "../../src/config/all-settings.ts";
import { isConfigured, readConfig } from "../../src/config/config.ts";
import { nothingConfigured } from "../../src/config/nothing-configured.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { credentials, forwardSecret, mistakesIn } from "./support.ts";

describe("mistakes in the settings", () => {
  test("are all reported at once, one line each", () => {
    const env = {
      TENCENTCLOUD_SECRET_ID: "AKIDtest",
      CONCURRENCY: "many",
      PORT: "70000",
      ROLES: "work",
      FORWARD_URL: "https://receiver.example/",
      DASHBOARD_USER: "ops",
      CONFIRM_GRACE_MS: "5000",
      REDIS_URL_FILE: "/does/not/exist",
    };

    expect(mistakesIn(env).map((line) => line.split(":")[0])).toEqual([
      "REDIS_URL_FILE",
      "TENCENTCLOUD_SECRET_KEY",
      "CONFIRM_GRACE_MS",
      "CONCURRENCY",
      "PORT",
      "FORWARD_SECRET",
      "DASHBOARD_PASSWORD",
    ]);
    expect(() => readConfig(env)).toThrow(mistakesIn(env).join("\n"));
  });

  test.each([
    [
      "ftp://receiver.example/",
      '"ftp://receiver.example/" is not an http:// or https:// URL; use one such as https://example.com/events',
    ],
    [
      "receiver.example?key=s3cret",
      '"receiver.example?…" is not an http:// or https:// URL; use one such as https://example.com/events',
    ],
    [
      "user:s3cret@receiver.example",
      '"…@receiver.example" is not an http:// or https:// URL; use one such as https://example.com/events',
    ],
    [
      "https://user:s3cret@receiver.example/",
      "has a user or a password in it; remove them: the receiver checks the signature instead",
    ],
  ])("FORWARD_URL=%s is refused and shown without the parts that may be secret", (value, mistake) => {
    expect(mistakesIn({ ...credentials, FORWARD_URL: value, FORWARD_SECRET: forwardSecret })).toEqual([
      `FORWARD_URL: ${mistake}`,
    ]);
  });

  test("a DASHBOARD_USER with a colon is refused, since a browser cannot send it", () => {
    const env = { ...credentials, DASHBOARD_USER: "a:b", DASHBOARD_PASSWORD: "123456789012" };

    expect(mistakesIn(env)).toEqual([
      'DASHBOARD_USER: "a:b" has a colon, which basic auth cannot carry; use another name',
    ]);
  });

  test.each([
    ["without whsec_", Buffer.alloc(32, 7).toString("base64")],
    ["of 23 bytes", `whsec_${Buffer.alloc(23, 7).toString("base64")}`],
    ["of 65 bytes", `whsec_${Buffer.alloc(65, 7).toString("base64")}`],
    ["that is no base64", `whsec_${"!".repeat(44)}`],
    ["that was cut", forwardSecret.slice(0, -2)],
  ])("a FORWARD_SECRET %s is refused and not shown", (_, secret) => {
    const env = { ...credentials, FORWARD_URL: "https://receiver.example", FORWARD_SECRET: secret };

    expect(mistakesIn(env)).toEqual([
      'FORWARD_SECRET: is not whsec_ and the base64 of 24 to 64 bytes; make one with: echo "whsec_$(openssl rand -base64 32)"',
    ]);
  });

  test("FORWARD_SECRET may hold an old and a new secret, and an invalid one of them is refused and not shown", () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    const env = { ...credentials, FORWARD_URL: "https://receiver.example" };

    expect(readConfig({ ...env, FORWARD_SECRET: `${other}, ${forwardSecret}` }).forward?.secrets).toEqual([
      other,
      forwardSecret,
    ]);
    expect(mistakesIn({ ...env, FORWARD_SECRET: `${other},s3cret` })).toEqual([
      'FORWARD_SECRET: has a part that is not whsec_ and the base64 of 24 to 64 bytes; make one with: echo "whsec_$(openssl rand -base64 32)"',
    ]);
  });

  test.each([24, 64])("a FORWARD_SECRET of %d bytes has a valid length", (bytes) => {
    const secret = `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;

    expect(
      readConfig({ ...credentials, FORWARD_URL: "https://receiver.example", FORWARD_SECRET: secret }).forward,
    ).toEqual({ url: "https://receiver.example/", secrets: [secret], format: "standard" });
  });

  test("no message shows a secret", () => {
    const secret = "s3cret value";
    const names = ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN", "REDIS_URL"];
    const env = Object.fromEntries([...names, "FORWARD_SECRET"].map((name) => [name, secret]));

    const lines = mistakesIn({ ...env, DASHBOARD_PASSWORD: "s3cret", FORWARD_URL: "https://x" });

    expect(lines).toHaveLength(6);
    expect(lines.join("\n")).not.toContain("s3cret");
  });
});

describe("without any vendor", () => {
  test.each([
    [{ ROLES: "pull,work,http" }, "pull and work"],
    [{ ROLES: "work,http", REDIS_URL: "redis://redis" }, "work"],
  ])("%o is refused", (env, roles) => {
    expect(mistakesIn(env)).toEqual([
      `ROLES: ${roles} cannot do without a vendor; set the credentials of one (.env.example lists all settings)`,
    ]);
  });

  test("the message says that nothing is configured, and how to try the worker", () => {
    for (const env of [{}, { PATH: "/bin", PORT: "8080" }]) {
      const [message, ...more] = mistakesIn(env);

      expect(more).toEqual([]);
      expect(message).toMatch(/^nothing is configured: /);
      expect(message).toContain("npm run demo");
      expect(message).toContain("npm run simulate");
    }
  });

  test("a start that may wait for settings waits only if nothing is configured", () => {
    for (const name of [...VARIABLES, ...SECRETS.map((secret) => `${secret}_FILE`)]) {
      const env = { [name]: "1" };

      expect([name, isConfigured(env)]).toEqual([name, !mistakesIn(env).includes(nothingConfigured(VENDORS))]);
    }
  });

  test("the settings that the message proposes work", () => {
    const lines = mistakesIn({})
      .join("\n")
      .matchAll(/^ *([A-Z_]+)=(\S+)$/gm);
    const proposed = Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));

    expect(readConfig(proposed).vendors).toMatchObject([{ pull: { endpoint: "http://127.0.0.1:8787" } }]);
  });
});
