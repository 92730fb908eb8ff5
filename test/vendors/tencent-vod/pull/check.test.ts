import { describe, expect, test } from "vitest";
import type { TencentVodSourceOptions } from "../../../../src/vendors/tencent-vod/pull/source.ts";
import { simulated } from "./simulated.ts";

describe("with wrong credentials, clock or permission", () => {
  test.each<[what: string, options: Partial<TencentVodSourceOptions>, kind: string, fix: string]>([
    [
      "a wrong secret key",
      { secretKey: "another" },
      "configuration",
      "TENCENTCLOUD_SECRET_KEY: the signature was refused",
    ],
    ["an unknown secret id", { secretId: "AKIDanother" }, "configuration", "TENCENTCLOUD_SECRET_ID"],
    ["a wrong token", { sessionToken: "another" }, "configuration", "TENCENTCLOUD_SESSION_TOKEN"],
    ["no token", { sessionToken: undefined }, "configuration", "TENCENTCLOUD_SESSION_TOKEN"],
    ["no SubAppId where one is needed", {}, "configuration", "TENCENT_VOD_SUB_APP_IDS"],
    ["a SubAppId of someone else", { subAppId: 7 }, "configuration", "TENCENT_VOD_SUB_APP_IDS"],
  ])("%s is reported by pulls and by the check with the same fix", async (_, options, kind, fix) => {
    const { create } = await simulated({ subAppIds: [1500000001] });
    const source = create(options);

    const err: unknown = await source.pull(16).catch((thrown: unknown) => thrown);

    expect(err).toMatchObject({ kind, fix: expect.stringContaining(fix) });
    expect(await source.check()).toEqual([
      expect.objectContaining({ level: "error", fix: expect.stringContaining(fix) }),
    ]);
  });

  test("a clock that is six minutes off is reported with the difference", async () => {
    const { create } = await simulated({ clockOffsetMs: 360_000 });

    await expect(create().pull(16)).rejects.toMatchObject({ kind: "clock", fix: expect.stringContaining("NTP") });
    expect(await create().check()).toMatchObject([{ level: "error", fix: expect.stringContaining("NTP") }]);
  });

  test("a missing permission is reported by name", async () => {
    const { create } = await simulated({ denied: ["PullEvents", "ConfirmEvents"] });

    await expect(create().pull(16)).rejects.toMatchObject({ fix: expect.stringContaining("vod:PullEvents") });
    await expect(create().confirm(["handle-1"])).rejects.toMatchObject({
      fix: expect.stringContaining("vod:ConfirmEvents"),
    });
  });
});

describe("the check of a Tencent account", () => {
  test("reports PUSH mode, and how to change it", async () => {
    const { create } = await simulated({ mode: "PUSH" });

    expect(await create().check()).toEqual([
      {
        level: "error",
        fact: expect.stringContaining("PUSH"),
        fix: expect.stringMatching(/console.*ModifyEventConfig with Mode PULL/),
      },
    ]);
  });

  test("reports switches that are OFF, with the event types that never arrive", async () => {
    const { create } = await simulated({ switches: { upload: false, delete: true, persistence: false } });

    expect(await create().check()).toEqual([
      {
        level: "warn",
        fact: expect.stringContaining("NewFileUpload"),
        fix: expect.stringContaining("UploadMediaCompleteEventSwitch"),
      },
      { level: "warn", fact: expect.stringContaining("PersistenceComplete"), fix: expect.any(String) },
    ]);
  });

  test("says that it was cut short if it was", async () => {
    const { create } = await simulated();

    expect(await create().check(AbortSignal.abort())).toEqual([{ level: "warn", fact: "the check was cut short" }]);
  });

  test.each(["DescribeEventConfig", "DescribeEventsState"] as const)(
    "only warns if it may not call %s, since pulling may work all the same",
    async (action) => {
      const { create } = await simulated({ denied: [action] });

      expect(await create().check()).toEqual([
        { level: "warn", fact: expect.any(String), fix: expect.stringContaining(`vod:${action}`) },
      ]);
    },
  );
});
