import { assert, property, string } from "fast-check";
import { wholeCharacter } from "../support/characters.ts";
import { describe, expect, test } from "vitest";
import { groupOf } from "../../src/core/failure-group.ts";

describe("failures that differ only in values that change from event to event are one group", () => {
  test.each([
    ["connect ECONNREFUSED 10.0.0.4:443", "connect ECONNREFUSED #"],
    ["connect ECONNREFUSED ::1:443", "connect ECONNREFUSED #"],
    ["connect ETIMEDOUT [2001:db8::7334]:443", "connect ETIMEDOUT #"],
    ["the handler took longer than 1500 ms", "the handler took longer than # ms"],
    ["https://user:pass@api.example.com/v1/files/387?sig=a%20b answered 503", "https://api.example.com/* answered #"],
    ["https://10.0.0.4:8443/v1, gone", "https://#/* gone"],
    ['no video for file "a b" in `c`', 'no video for file "*" in "*"'],
    ["cannot find 'my file.mp4', it isn't there", `cannot find "*", it isn't there`],
    ["找不到「影片」或“檔案”", '找不到"*"或"*"'],
    ["no job 550e8400-e29b-41d4-a716-446655440000", "no job #"],
    ["commit 4cd67e2a9 is gone", "commit # is gone"],
    ["file 387702307847129127 and e-4f_Yq81xZ09aBcDe", "file # and #"],
    ["event ev-SUiTABFpMXpeHeyCxeU_oC is unknown", "event # is unknown"],
    ["at 2026-11-20T10:00:00.123Z or 2026-11-20 or 10:00", "at # or # or #"],
    ["free: 1,024 of 2.5e10 bytes, -3 left", "free: # of #e# bytes, # left"],
    ["ids 1, 2, 3 and 1,2,3,4", "ids # and #"],
    ["/tmp/run-4711/clip.mp4: ENOENT", "/tmp/run-#/clip.mp#: ENOENT"],
  ])("%s", (message, group) => {
    expect(groupOf(message)).toBe(group);
  });

  test.each([
    ["ERR_HTTP2_STREAM_ERROR", "ERR_HTTP#_STREAM_ERROR"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["std::string is no Buffer", "std::string is no Buffer"],
    ["deadbeef or facade: words", "deadbeef or facade: words"],
  ])("a text that identifies the failure keeps groups apart: %s", (message, group) => {
    expect(groupOf(message)).toBe(group);
  });
});

test("a group's name is at most one line long, for any error text", () => {
  assert(
    property(string({ unit: wholeCharacter, maxLength: 2_000 }), (text) => {
      const group = groupOf(text);
      expect(group.length).toBeLessThanOrEqual(300);
      expect(group.isWellFormed()).toBe(true);
    }),
  );
});

test.each(["9", "a-", "1a-", ":", "'", '"', "http://", "@", "#,", "a1", "-5.", "[::", "\ud800"])(
  "grouping a megabyte of %j takes no longer than grouping its first thousand characters",
  (unit) => {
    const long = unit.repeat(1_000_000 / unit.length);

    const started = performance.now();
    for (let n = 0; n < 10; n++) groupOf(long);

    expect(performance.now() - started).toBeLessThan(1_000);
  },
);
