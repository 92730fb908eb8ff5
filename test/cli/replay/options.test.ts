import { expect, test } from "vitest";
import { readOptions } from "../../../src/cli/replay/options.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

test.each([
  ["2026-11-19", "2026-11-19T00:00:00.000Z"],
  ["2026-11-19T14:30", "2026-11-19T14:30:00.000Z"],
  ["2026-11-19T14:30:05+08:00", "2026-11-19T06:30:05.000Z"],
  ["90m", "2026-11-20T10:30:00.000Z"],
  ["2h", "2026-11-20T10:00:00.000Z"],
  ["3d", "2026-11-17T12:00:00.000Z"],
])("`replay --from %s` means %s", (given, time) => {
  expect(readOptions(["--from", given], NOW).from).toBe(time);
});

test.each([
  [["--from", "yesterday"], '--from: "yesterday" is no time; use 2026-11-20, 2026-11-20T14:30, or 90m, 2h, 3d ago'],
  [["--to", "2026-13-40"], '--to: "2026-13-40" is no time'],
  [["--from", "1h", "--to", "2h"], "--to: 2026-11-20T10:00:00.000Z is not after --from, 2026-11-20T11:00:00.000Z"],
  [["--limit", "0"], '--limit: "0" is no number above 0'],
  [["--per-second", "fast"], '--per-second: "fast" is no number above 0'],
  [["--parked"], "--parked: add --dry-run: the handlers run here, and the events stay parked"],
  [["--parked", "--dry-run", "--dir", "a"], "--parked: reads Redis and no archive; leave --dir out"],
  [["--tpye", "a"], "replay: Unknown option '--tpye'"],
])("`replay` refuses %j and says what to write", (args, mistake) => {
  expect(() => readOptions(args, NOW)).toThrow(mistake);
});
