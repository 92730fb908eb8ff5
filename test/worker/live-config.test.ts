import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { pino } from "pino";
import { ConfigError } from "../../src/config/config-error.ts";
import { ForgedError } from "../../src/core/errors.ts";
import { startFleet } from "../../src/simulators/fleet.ts";
import { encode, signed } from "../../src/simulators/zegocloud/calls.ts";
import { readLiveConfig } from "../../src/worker/live-config.ts";
import { forwardSecret } from "../config/support.ts";

const SILENT = pino({ level: "silent" });

/** Secrets in files, which `change` writes anew. */
function setup(secrets: Readonly<Record<string, string>>, others: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "reliable-callback-secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const change = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(secrets)) change(name, text);
  const files = Object.keys(secrets).map((name) => [`${name}_FILE`, join(folder, name)]);
  const log = { info: vi.fn(), warn: vi.fn() };
  const live = readLiveConfig({ ...others, ...Object.fromEntries(files) });
  return { ...live, look: () => live.look(log), log, change };
}

test("a new key is used for pulling by the source that was opened with the old one", async () => {
  const fleet = await startFleet({ "tencent-vod": { secretKey: "the-new-key" } });
  onTestFinished(() => fleet.close());
  const { TENCENTCLOUD_SECRET_KEY: _, ...others } = fleet.env;
  const { config, look, change } = setup({ TENCENTCLOUD_SECRET_KEY: "the-old-key" }, others);
  const [source] = (await config.vendors[0]?.openSources(SILENT)) ?? [];
  onTestFinished(() => source?.close());
  const event = fleet.doors["tencent-vod"].publish();
  await expect(source?.pull(1)).rejects.toThrow(/signature/i);

  change("TENCENTCLOUD_SECRET_KEY", "the-new-key");
  await look();

  expect(await source?.pull(1)).toMatchObject({ deliveries: [{ type: expect.any(String) }] });
  expect(fleet.doors["tencent-vod"].heard(event)).toMatchObject({ timesDelivered: 1 });
});

test("callbacks are checked with the old and the new key while both are in the file, then only with the new one", async () => {
  const { config, look, change } = setup({ ZEGO_CALLBACK_SECRETS: "old" });
  const [receiver] = (await config.vendors[0]?.openReceivers()) ?? [];
  const isTaken = (secret: string): boolean => {
    const { text, type } = encode(signed({ event: "room_create" }, secret), "json");
    try {
      return receiver?.receive({ headers: { "content-type": type }, body: Buffer.from(text) }).length === 1;
    } catch (err) {
      if (err instanceof ForgedError) return false;
      throw err;
    }
  };
  expect([isTaken("old"), isTaken("new")]).toEqual([true, false]);

  change("ZEGO_CALLBACK_SECRETS", "new,old");
  await look();
  expect([isTaken("old"), isTaken("new")]).toEqual([true, true]);

  change("ZEGO_CALLBACK_SECRETS", "new");
  await look();
  expect([isTaken("old"), isTaken("new")]).toEqual([false, true]);
});

test("the new suffix, dashboard password and forward secrets are used", async () => {
  const other = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
  const { config, look, change } = setup(
    { CALLBACK_SUFFIX: "a-first-suffix-0001", DASHBOARD_PASSWORD: "a first password", FORWARD_SECRET: forwardSecret },
    { ZEGO_CALLBACK_SECRETS: "key", FORWARD_URL: "https://receiver.example/" },
  );
  const secretsNow = () => [config.callbacks.suffixes, config.http.dashboard?.password, config.forward?.secrets];
  expect(secretsNow()).toEqual([["a-first-suffix-0001"], "a first password", [forwardSecret]]);

  change("CALLBACK_SUFFIX", "a-second-suffix-0002,a-first-suffix-0001");
  change("DASHBOARD_PASSWORD", "a second password");
  change("FORWARD_SECRET", `${other},${forwardSecret}`);
  await look();

  expect(secretsNow()).toEqual([
    ["a-second-suffix-0002", "a-first-suffix-0001"],
    "a second password",
    [other, forwardSecret],
  ]);
});

test("a mistake in a secret's file is logged once and changes nothing, and the next change is used", async () => {
  const { config, look, change, log } = setup(
    { DASHBOARD_PASSWORD: "a first password" },
    { ZEGO_CALLBACK_SECRETS: "key" },
  );

  change("DASHBOARD_PASSWORD", "short");
  await expect(look()).rejects.toThrow(ConfigError);
  await look();
  expect(config.http.dashboard?.password).toBe("a first password");
  expect(log.info).not.toHaveBeenCalled();

  change("DASHBOARD_PASSWORD", "a second password");
  await look();
  expect(config.http.dashboard?.password).toBe("a second password");
  expect(log.info).toHaveBeenCalledOnce();
});

test("a new Redis password asks for a restart", async () => {
  const { config, look, change, log } = setup(
    { REDIS_URL: "redis://:old@redis:6379" },
    { ZEGO_CALLBACK_SECRETS: "key" },
  );

  change("REDIS_URL", "redis://:new@redis:6379");
  await look();

  expect(config.redis.url).toBe("redis://:old@redis:6379");
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("restart this worker"));
});
