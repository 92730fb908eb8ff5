import { expect, test } from "vitest";
import { healthOf, type LastingProblem } from "../../src/core/health.ts";
import { createTellHealth } from "../../src/worker/tell-health.ts";
import { recordingLog } from "../support/recording.ts";

const since = "2026-01-01T00:00:00.000Z";
const busy: LastingProblem = { code: "redis-busy", fact: "Redis is busy", fix: "end it", since };
const slow: LastingProblem = { code: "vendor-slow", source: "a", fact: "4.1 s", fix: "look", since };

test("a problem is logged once when it begins and once when it ends, even if its text changes", () => {
  const { log, said } = recordingLog();
  const tell = createTellHealth(log);

  tell(healthOf([busy]));
  tell(healthOf([busy, slow]));
  tell(healthOf([busy, { ...slow, fact: "4.2 s" }]));
  tell(healthOf([slow]));
  tell(healthOf([]));

  expect(said("error")).toEqual(["Redis is busy"]);
  expect(said("warn")).toEqual(["4.1 s"]);
  expect(said("info")).toEqual(["a problem is over", "a problem is over"]);
});

test("a problem that another part logs already is not logged twice", () => {
  const { log, said } = recordingLog();

  createTellHealth(log)(
    healthOf([
      { ...slow, code: "pull-failing" },
      { ...busy, code: "redis-away" },
    ]),
  );

  expect(said("error", "warn", "info")).toEqual([]);
});
