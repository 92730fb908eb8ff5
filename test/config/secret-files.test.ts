import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { credentials, forwardSecret, mistakesIn, plain } from "./support.ts";

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "reliable-callback-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    write: (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
  };
}

describe("secrets in files", () => {
  const secrets = {
    TENCENTCLOUD_SECRET_ID: "AKIDfile",
    TENCENTCLOUD_SECRET_KEY: "key-in-file",
    TENCENTCLOUD_SESSION_TOKEN: "token-in-file",
    REDIS_URL: "redis://:pass@redis:6379",
    FORWARD_SECRET: forwardSecret,
    DASHBOARD_PASSWORD: "password in file",
  };

  test("every secret may be in a file, and the file's last line break does not count", () => {
    const { write } = setup();
    const files = Object.entries(secrets).map(([name, value], index) => [
      `${name}_FILE`,
      write(name, value + (index % 2 ? "\n" : "\r\n")),
    ]);
    const others = { FORWARD_URL: "https://receiver.example/" };

    expect(plain(readConfig({ ...Object.fromEntries(files), ...others }))).toEqual(
      plain(readConfig({ ...secrets, ...others })),
    );
  });

  test("a secret that is given both as a value and as a file is a mistake", () => {
    const { write } = setup();
    const env = { ...credentials, TENCENTCLOUD_SECRET_KEY_FILE: write("key", "other") };

    expect(mistakesIn(env)).toEqual([
      "TENCENTCLOUD_SECRET_KEY: is set, and TENCENTCLOUD_SECRET_KEY_FILE too; keep one of them",
    ]);
  });

  test("an unreadable file is one mistake that names the path, and the secret is not also reported as missing", () => {
    const { folder } = setup();
    const path = join(folder, "nowhere");

    expect(mistakesIn({ TENCENTCLOUD_SECRET_ID: "AKIDtest", TENCENTCLOUD_SECRET_KEY_FILE: path })).toEqual([
      `TENCENTCLOUD_SECRET_KEY_FILE: cannot read "${path}" (ENOENT); check the path and who may read it`,
    ]);
  });

  test("a secret in place of its file's path is a mistake, and the message does not show it", () => {
    expect(mistakesIn({ ...credentials, REDIS_URL_FILE: "redis://:s3cret@redis:6379" })).toEqual([
      "REDIS_URL_FILE: cannot read the file it names (ENOENT); check the path and who may read it",
    ]);
  });

  test("a folder in place of a file is a mistake", () => {
    const { folder } = setup();

    expect(mistakesIn({ ...credentials, REDIS_URL_FILE: folder })).toEqual([
      `REDIS_URL_FILE: cannot read "${folder}" (EISDIR); check the path and who may read it`,
    ]);
  });

  test("an empty file is a mistake", () => {
    const path = setup().write("empty", "\n");

    expect(mistakesIn({ ...credentials, DASHBOARD_PASSWORD_FILE: path })).toEqual([
      `DASHBOARD_PASSWORD_FILE: "${path}" is empty; write the secret into it`,
    ]);
  });

  test("a secret in a file is checked like any other", () => {
    const path = setup().write("secret", "short\n");

    expect(mistakesIn({ ...credentials, DASHBOARD_PASSWORD_FILE: path })).toEqual([
      "DASHBOARD_PASSWORD: is shorter than 12 characters; use a longer one, such as: openssl rand -hex 16",
    ]);
  });
});
