import { describe, expect, test } from "vitest";
import { readableLine } from "../../../src/cli/dev/lines.ts";

const time = new Date(2026, 10, 28, 9, 5, 3).getTime();
const line = (fields: object): string | undefined => readableLine(JSON.stringify({ time, level: 30, ...fields }));
const event = { vendor: "v", source: "s", type: "NewFileUpload", id: "ev-1" };

describe("the log of npm run dev", () => {
  test("shows each handled event in one line", () => {
    expect(line({ level: 20, msg: "handled", ...event, attempt: 1, ms: 12 })).toBe(
      "09:05:03  handled  NewFileUpload  ev-1  in 12 ms",
    );
    expect(line({ level: 20, msg: "handled", ...event, attempt: 3, ms: 12 })).toMatch(/in 12 ms, attempt 3$/);
  });

  test("shows why a handler failed and when the next attempt runs", () => {
    const failed = { level: 40, msg: "handler failed, will try again", ...event, err: { message: "busy" } };
    expect(line({ ...failed, attempt: 2, afterMs: 1_900 })).toBe(
      "09:05:03  failed   NewFileUpload  ev-1  attempt 2, again in 1.9 s: busy",
    );
    expect(line({ level: 50, msg: "parked: it stays", ...event, err: { message: "no such file" } })).toBe(
      "09:05:03  parked   NewFileUpload  ev-1  no such file",
    );
  });

  test("shows what handlers log themselves, and every warning", () => {
    expect(line({ msg: "uploaded", ...event, file: "f1" })).toBe(
      '09:05:03           NewFileUpload  ev-1  uploaded  file="f1"',
    );
    expect(line({ level: 40, msg: "redis is away" })).toBe("09:05:03  !        redis is away");
  });

  test("leaves out all other lines", () => {
    expect(line({ msg: "started" })).toBeUndefined();
    expect(line({ level: 20, msg: "delivery", ...event })).toBeUndefined();
    expect(readableLine("")).toBeUndefined();
  });

  test("shows text that is not a log line unchanged", () => {
    expect(readableLine("said by console.log")).toBe("said by console.log");
    expect(readableLine('{"mine":1}')).toBe('{"mine":1}');
  });
});
