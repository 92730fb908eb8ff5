import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../src/core/event.ts";
import { snapshotsOf } from "../../../../src/vendors/alibaba-vod/events/snapshots.ts";
import type { SnapshotOptions } from "../../../../src/vendors/parsing/results.ts";
import { COVERS_TAKEN, SNAPSHOTS_FAILED, SNAPSHOTS_TAKEN } from "../fixtures.ts";

describe("the pictures of Alibaba Cloud VOD", () => {
  test("follow the URL rule, and a failed set is one item", () => {
    expect(alibaba(SNAPSHOTS_TAKEN)).toEqual({
      vendor: "alibaba-vod",
      taskId: "job-6",
      fileId: "2327a6ec24b40005",
      items: [
        ...[1, 2, 3].map((number) => ({
          index: number - 1,
          kind: "NormalSnapshot",
          ok: true,
          url: `http://sample.example.com/snapshots/normal/990f-0000${number}.jpg`,
        })),
        { index: 3, kind: "WebVttSnapshot", ok: false, error: "fail" },
      ],
    });
  });

  test.each(["https://cdn.example.com", "https://cdn.example.com/", "https://cdn.example.com//"])(
    "start with %s if that is configured",
    (baseUrl) => {
      expect(alibaba(COVERS_TAKEN, { baseUrl })?.items).toMatchObject([
        { url: "https://cdn.example.com/2327a6ec/covers/990f-00001.jpg" },
        { url: "https://cdn.example.com/2327a6ec/covers/990f-00002.jpg" },
      ]);
    },
  );

  test("are found even if required fields are missing", () => {
    expect(alibaba(COVERS_TAKEN)).toMatchObject({
      taskId: "job-8",
      fileId: undefined,
      items: [{ ok: true }, { ok: true }],
    });
  });

  test("are one failed item if all failed", () => {
    expect(alibaba(SNAPSHOTS_FAILED)?.items).toEqual([
      { index: 0, ok: false, error: "InvalidParameter.ResourceContentBad: The resource operated InputFile is bad" },
    ]);
    expect(alibaba({ EventType: "SnapshotComplete", Status: "success" })?.items).toMatchObject([{ ok: false }]);
  });

  test("have the rule's URL once if it has no place for a number", () => {
    const url = "http://sample.example.com/sheet.vtt";

    expect(alibaba(taken({ SnapshotCount: 5, SnapshotRegular: url }))?.items).toMatchObject([{ ok: true, url }]);
    expect(alibaba(taken({ SnapshotCount: 0, SnapshotRegular: url }))?.items).toMatchObject([{ ok: true, url }]);
  });

  test("have the number in every place for it, and nothing else is replaced", () => {
    const SnapshotRegular = "http://v/$&/{SnapshotCount}/$1/{SnapshotCount}.jpg";

    expect(alibaba(taken({ SnapshotCount: "1", SnapshotRegular }))?.items).toMatchObject([
      { url: "http://v/$&/00001/$1/00001.jpg" },
    ]);
  });

  test("are at most 10,000 over all sets, and the result says how many are left out", () => {
    const set = { Status: "success", SnapshotCount: 1e15, SnapshotRegular: "http://v/{SnapshotCount}.jpg" };
    const many = alibaba({ EventType: "SnapshotComplete", SnapshotInfos: [set, set] });

    expect(many?.items).toHaveLength(10_000);
    expect(many?.omitted).toBe(2e15 - 10_000);
    expect(alibaba(SNAPSHOTS_TAKEN)).not.toHaveProperty("omitted");
  });

  test("have no URL if the rule is too long, and a kind of at most 100 characters", () => {
    const [long, longest] = [2_048, 2_049].map((length) => "{SnapshotCount}".padStart(length, "a"));
    const SnapshotType = "k".repeat(1_000_000);

    expect(alibaba(taken({ SnapshotCount: 10, SnapshotRegular: long, SnapshotType }))?.items).toHaveLength(10);
    expect(alibaba(taken({ SnapshotCount: 10, SnapshotRegular: longest, SnapshotType }))?.items).toEqual([
      { index: 0, ok: false, kind: "k".repeat(100), error: "its rule has more than 2048 characters" },
    ]);
  });

  test("have no number in their URL if it is too large", () => {
    const set = { Status: "success", SnapshotCount: 1e308, SnapshotRegular: "http://v/{SnapshotCount}.jpg" };

    expect(alibaba({ SnapshotInfos: [set, set] })?.omitted).toBeLessThan(Infinity);
  });

  test("keep all digits of a number with more than five", () => {
    const body = taken({ SnapshotCount: 100_001, SnapshotRegular: "http://v/{SnapshotCount}.jpg" });

    const items = alibaba(body, { most: 200_000 })?.items;

    expect(items?.[99_998]).toMatchObject({ url: "http://v/99999.jpg" });
    expect(items?.at(-1)).toMatchObject({ index: 100_000, url: "http://v/100001.jpg" });
  });

  test("are as many as the count says, all different, each with its own number", () => {
    assert(
      property(integer({ min: -3, max: 400 }), (SnapshotCount) => {
        const items = alibaba(taken({ SnapshotCount, SnapshotRegular: "http://v/{SnapshotCount}" }))?.items ?? [];
        expect(items.map(({ url }) => Number(url?.slice("http://v/".length)))).toEqual(
          Array.from({ length: Math.max(0, SnapshotCount) }, (_, index) => index + 1),
        );
      }),
      { numRuns: 50 },
    );
  });
});

function taken(info: object): JsonObject {
  return { EventType: "SnapshotComplete", Status: "success", SnapshotInfos: [{ Status: "success", ...info }] };
}

function alibaba(body: JsonObject, options?: SnapshotOptions) {
  return snapshotsOf("SnapshotComplete", body, options);
}
