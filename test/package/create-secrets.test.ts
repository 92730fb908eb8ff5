import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { readConfig } from "../../src/config/config.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { readCompose } from "./compose-file.ts";
import { PROJECT } from "./dockerfile.ts";

test("create-secrets asks for the account, makes a password, and writes what the compose file and npm start read", async () => {
  const { createSecrets, secret, env, folder } = await setup();

  const { code, output } = createSecrets("AKIDmine\nkey-of-mine\n");

  expect(code).toBe(0);
  expect(await secret("tencentcloud_secret_id")).toBe("AKIDmine\n");
  expect(await secret("tencentcloud_secret_key")).toBe("key-of-mine\n");
  const files = readCompose(await env()).secrets;
  expect(files).toMatchObject({
    tencentcloud_secret_id: { file: "./secrets/tencentcloud_secret_id" },
    tencentcloud_secret_key: { file: "./secrets/tencentcloud_secret_key" },
    dashboard_password: { file: "./secrets/dashboard_password" },
  });
  const absolute = Object.entries(await env()).map(([name, path]) => [name, join(folder, path)]);
  const config = readConfig(Object.fromEntries(absolute));
  expect(config.vendors).toMatchObject([{ pull: { secretId: "AKIDmine", secretKey: "key-of-mine" } }]);
  expect(config.http.dashboard?.password).toMatch(/^\S{24}$/);
  expect(output).not.toContain("key-of-mine");
  expect(output).not.toContain(config.http.dashboard?.password);
});

test("create-secrets closes the folder to other users, and lets the container's user read the files", async () => {
  const { createSecrets, folder } = await setup();

  createSecrets("AKIDmine\nkey-of-mine\n");

  const modeOf = async (path: string) => (await stat(join(folder, path))).mode & 0o777;
  expect(await modeOf("secrets")).toBe(0o700);
  expect(await modeOf("secrets/tencentcloud_secret_key")).toBe(0o644);
  expect(await modeOf("secrets/dashboard_password")).toBe(0o644);
});

test("create-secrets keeps what is set, and adds to .env without damaging its last line", async () => {
  const { createSecrets, folder, env } = await setup();
  await writeFile(join(folder, ".env"), "DASHBOARD_PASSWORD=long enough!\nTENCENTCLOUD_SECRET_ID=\nCONCURRENCY=8");

  createSecrets("AKIDmine\nkey-of-mine\n");
  const first = await env();
  createSecrets("another\nanother\n");

  expect(first).toEqual({
    DASHBOARD_PASSWORD: "long enough!",
    TENCENTCLOUD_SECRET_ID: "",
    CONCURRENCY: "8",
    TENCENTCLOUD_SECRET_ID_FILE: "./secrets/tencentcloud_secret_id",
    TENCENTCLOUD_SECRET_KEY_FILE: "./secrets/tencentcloud_secret_key",
  });
  expect(await env()).toEqual(first);
});

test("create-secrets continues where it stopped if nothing was entered", async () => {
  const { createSecrets, secret, env } = await setup();

  const stopped = createSecrets("AKIDmine\n");
  const resumed = createSecrets("key-of-mine\n");

  expect(stopped).toMatchObject({
    code: 2,
    output: expect.stringContaining("nothing was entered for TENCENTCLOUD_SECRET_KEY"),
  });
  expect(resumed.code).toBe(0);
  expect(await secret("tencentcloud_secret_id")).toBe("AKIDmine\n");
  expect(Object.keys(await env())).toHaveLength(3);
});

async function setup() {
  const folder = await tempFolder();
  await mkdir(join(folder, "bin"));
  const script = join(folder, "bin/create-secrets");
  await copyFile(join(PROJECT, "bin/create-secrets"), script);

  return {
    folder,
    createSecrets(input: string) {
      const { status, stdout, stderr } = spawnSync(script, { input, encoding: "utf8", cwd: "/" });
      return { code: status, output: stdout + stderr };
    },
    secret: (name: string) => readFile(join(folder, "secrets", name), "utf8"),
    env: async () => z.record(z.string(), z.string()).parse(parseEnv(await readFile(join(folder, ".env"), "utf8"))),
  };
}
