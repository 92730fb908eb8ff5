/** What the source takes from the account's settings, and what it says about them. */
import { describe, expect, test } from "vitest";
import { VendorError } from "../../../../src/core/errors.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { QUEUE, simulated } from "./simulated.ts";

const EVENT = { EventType: "FileUploadComplete", VideoId: "v1" };

describe("temporary keys for MNS", () => {
  test("are sent with their token", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);

    expect((await create().pull(16)).deliveries).toHaveLength(1);
    const err = await failureOf(create({ securityToken: "of-another-key" }).pull(16));
    expect(err).toMatchObject({ kind: "configuration", fix: expect.stringContaining("ALIBABA_CLOUD_SECURITY_TOKEN") });
  });

  test("are not needed if the account has permanent ones", async () => {
    const { simulator, create } = await simulated({ securityToken: undefined });
    simulator.publish(EVENT);

    expect((await create({ securityToken: undefined }).pull(16)).deliveries).toHaveLength(1);
  });
});

describe.concurrent("the window and retention of an MNS queue", () => {
  test("are the documented ones until the queue reports others", async () => {
    const { create } = await simulated();

    expect(create()).toMatchObject({
      name: `alibaba-vod/mns/${QUEUE}`,
      vendor: "alibaba-vod",
      windowMs: 30_000,
      retentionMs: 345_600_000,
      batchSize: 16,
      maxCallsPerSecond: 100,
    });
    expect(create({ visibilityMs: 5_000, maxCallsPerSecond: 5 })).toMatchObject({
      windowMs: 5_000,
      maxCallsPerSecond: 5,
    });
  });

  test("are taken from the queue's attributes once they were read", async () => {
    const { create } = await simulated({ visibilityMs: 60_000, retentionMs: 86_400_000 });
    const source = create();

    await source.check();

    expect(source).toMatchObject({ windowMs: 60_000, retentionMs: 86_400_000 });
  });

  test("use a week as the longest retention until the queue reports one, then the longest ever reported", async () => {
    const { create, simulator } = await simulated({ retentionMs: 5 * 86_400_000 });
    const source = create();
    expect(source.longestRetentionMs).toBe(7 * 86_400_000);
    await source.check();
    expect(source.longestRetentionMs).toBe(5 * 86_400_000);
    simulator.set({ retentionMs: 86_400_000 });
    await source.check();
    expect(source).toMatchObject({ retentionMs: 86_400_000, longestRetentionMs: 5 * 86_400_000 });
  });

  test.each([2_000, 120_000])("follow a delivery that shows a window of %i ms", async (visibilityMs) => {
    const { simulator, create } = await simulated({ visibilityMs });
    simulator.publish(EVENT);
    const source = create();

    await source.pull(16);

    expect(source.windowMs).toBe(visibilityMs);
  });

  test.each([
    ["shorter", 3_000],
    ["longer", 90_000],
  ])("follow a redelivery to the second if the window became %s", async (_, visibilityMs) => {
    const { simulator, create } = await simulated({ visibilityMs: 1_000, clockOffsetMs: 600_000 });
    simulator.publish(EVENT);
    await create().pull(16);
    simulator.set({ visibilityMs });
    const source = create();

    expect((await source.pull(16)).deliveries).toHaveLength(1);

    expect(source.windowMs).toBeLessThanOrEqual(visibilityMs);
    expect(source.windowMs).toBeGreaterThanOrEqual(visibilityMs - 1_000);
  });
});

describe("the check of an MNS queue", () => {
  test.each([
    [{ visibilityMs: 5_000 }, "hidden for only 5 s", "VisibilityTimeout"],
    [{ visibilityMs: 3_600_000 }, "hidden for 3600 s", "VisibilityTimeout"],
    [{ retentionMs: 3_600_000 }, "keeps messages for only 60 min", "MessageRetentionPeriod"],
  ])("warns of %o", async (settings, fact, fix) => {
    const { create } = await simulated(settings);

    expect(await create().check()).toEqual([
      { level: "warn", fact: expect.stringContaining(fact), fix: expect.stringContaining(fix) },
    ]);
  });

  test("only warns if the right to read the settings is missing", async () => {
    const { create } = await simulated({ denied: ["GetQueueAttributes"] });

    expect(await create().check()).toMatchObject([{ level: "warn", fix: expect.stringContaining("RAM") }]);
  });

  test.each([
    [{ queue: "no-such-queue" }, "ALIBABA_MNS_QUEUES"],
    [{ accessKeyId: "LTAIother" }, "ALIBABA_CLOUD_ACCESS_KEY_ID"],
    [{ accessKeySecret: "other" }, "ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
  ])("reports an error for %o, and names what to fix", async (options, name) => {
    const { create } = await simulated();

    expect(await create(options).check()).toMatchObject([{ level: "error", fix: expect.stringContaining(name) }]);
  });

  test("reports a wrong clock, and by how much it is wrong", async () => {
    const { create } = await simulated({ clockOffsetMs: 3_600_000 });

    expect(await create().check()).toMatchObject([{ level: "error", fix: expect.stringContaining("60 min behind") }]);
  });
});

test("an MNS endpoint without a region cannot be signed with V4, and the source says so at its start", async () => {
  const { create } = await simulated();
  const options = { endpoint: "https://mns.example.com", signature: "v4" } as const;

  expect(() => create(options)).toThrow(VendorError);
  expect(() => create({ ...options, region: "cn-shanghai" })).not.toThrow();
});
