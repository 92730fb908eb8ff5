import { expect, test } from "vitest";
import { LOGGED_CODES, PROBLEM_CODES, problems, problemsOf, textOf } from "../../src/core/problems.ts";
import { REDIS_TROUBLE_CODES, redisTrouble } from "../../src/core/redis-trouble.ts";

const REASON = { message: "the key is wrong", fix: "check it", since: new Date() };
const ALL = [
  ...REDIS_TROUBLE_CODES.map((code) => problems.redis(redisTrouble(code))),
  problems.redisDataLost({ until: new Date().toISOString(), cause: "unknown" }),
  problems.statusSlow(),
  problems.statusUnreadable(),
  problems.pullFailing("s", REASON),
  problems.pullUnanswered("s"),
  problems.pullSilent("s", new Date(Date.now() - 61_000)),
  problems.confirmFailing("s", REASON),
  problems.confirmSilent("s", 61_000),
  problems.notStored(16_000),
  problems.eventsExpiring("s", 3_600_000),
  problems.eventsForgotten("s", 3),
  problems.queuePaused(),
  problems.nothingStarts(7, 45_000),
  problems.workerRebuilt(2, Date.now()),
  problems.tooManyParked(9),
  problems.callbacksRefused("9 of at most 9 events"),
  problems.limitFull("v t", 9),
  problems.orderUnknown("host-1:7", ["v t"]),
  problems.eventLoopBlocked(),
  problems.roleUnfilled("work", "nobody handles events"),
  problems.parkedGrowing("more than before"),
  problems.eventsParked(1),
  problems.handlerFailing("s", "t", 9, 10),
  problems.vendorSlow("s", 4_000),
  ...problemsOf([
    { level: "error", code: "redis-evicts", fact: "f" },
    { level: "error", code: "redis-too-old", fact: "f" },
  ]),
  ...problemsOf([{ level: "error", fact: "f" }], "s"),
];

test("every problem code belongs to some problem, and each problem has its own code", () => {
  expect(ALL.map(({ code }) => code).toSorted()).toEqual([...PROBLEM_CODES, ...LOGGED_CODES].toSorted());
});

test("a problem reads as one line: where it is, what is wrong, how to fix it", () => {
  expect(textOf(problems.pullFailing("tencent-vod", REASON))).toBe("tencent-vod: the key is wrong; check it");
  expect(textOf(problems.pullSilent("tencent-vod", new Date(Date.now() - 61_000)))).toBe(
    "tencent-vod: no pull was answered for 61 s; check the network to the vendor, and any proxy on the way",
  );
  expect(textOf(problems.redis(redisTrouble("redis-away")))).toBe("Redis is away; work goes on when it returns");
});

test("only findings of level error become problems, and those of a source carry its name", () => {
  const findings = [
    { level: "ok", fact: "all is well" },
    { level: "warn", fact: "this could be better", fix: "do it" },
    { level: "error", fact: "this is wrong", fix: "mend it" },
  ] as const;
  const wrong = { code: "source-settings", fact: "this is wrong", fix: "mend it" };
  expect(problemsOf(findings, "s")).toEqual([{ ...wrong, source: "s" }]);
});
