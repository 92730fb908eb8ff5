import { describe, expect, test } from "vitest";
import { Recent } from "../../src/core/recent.ts";
import type { Replica } from "../../src/core/replica.ts";
import { createParkedWatch, type Fleet, rateProblems, roleProblems } from "../../src/worker/attention.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";

const PULLED = { source: "fake/1", type: "Made" };

describe("the roles", () => {
  test("of this process count as filled, whether or not it is listed", () => {
    expect(rolesLacking({ roles: ["pull", "work", "http"], takesCallbacks: true })).toEqual([]);
  });

  test("of another process count as filled", () => {
    expect(rolesLacking({ roles: ["pull"], replicas: [replica(["work"], [])] })).toEqual([]);
    expect(rolesLacking({ roles: ["work"], replicas: [replica(["pull"], ["a"])] })).toEqual([]);
  });

  test("that no process has are reported, with the consequence", () => {
    expect(rolesLacking({ roles: ["pull"] })).toEqual([
      [undefined, "no process has the role work: 7 events wait and nobody handles them"],
    ]);
    expect(rolesLacking({ roles: ["work"], takesCallbacks: true })).toEqual([
      ["a", "no process has the role pull: nobody pulls, events stay at the vendor"],
      [undefined, "no process has the role http: nobody takes callbacks"],
    ]);
  });

  test("of pulling count as filled only for the sources that a process pulls", () => {
    const replicas = [replica(["pull"], ["a"])];
    expect(rolesLacking({ roles: ["work"], sources: ["a", "b"], replicas })).toEqual([["b", expect.any(String)]]);
  });
});

describe("the handlers", () => {
  test("that fail in half of their attempts need attention, by type", () => {
    const recent = new Recent();
    recent.count("handled", { source: "fake/1", type: "Fine" }, 100);
    recent.count("handled", PULLED, 5);
    recent.count("attempts_failed", PULLED, 5);

    expect(rateProblems(recent)).toMatchObject([
      { code: "handler-failing", source: "fake/1", fact: "5 of the last 10 attempts to handle Made failed" },
    ]);
  });

  test("that fail now and then, or ran only a few times, need none", () => {
    const recent = new Recent();
    recent.count("attempts_failed", PULLED, 9);
    recent.count("handled", { ...PULLED, type: "Often" }, 60);
    recent.count("attempts_failed", { ...PULLED, type: "Often" }, 40);

    expect(rateProblems(recent)).toEqual([]);
  });
});

test.each([
  ["take 4 s want a look", 4_000, ["a confirmation takes 4.0 s, and is given up after 5 s"]],
  ["take 80 ms do not", 80, []],
])("confirmations that %s", (_, ms, facts) => {
  const recent = new Recent();
  for (let n = 0; n < 5; n++) recent.observe("confirm_ms", { source: "fake/1" }, ms);

  expect(rateProblems(recent).map(({ fact }) => fact)).toEqual(facts);
});

describe("parked events", () => {
  test("need attention, unless they are confirmed", () => {
    expect(setup().facts(0)).toEqual([]);
    expect(setup().facts(3)).toEqual([["events-parked", "3 events are parked"]]);
    expect(setup("confirm").facts(3)).toEqual([]);
  });

  test("that become more need attention at once, until their number is stable for some minutes", async () => {
    const { facts } = setup("confirm");
    facts(100);
    await pass(60_000);

    expect(facts(119)).toEqual([]);
    expect(facts(120)).toEqual([["parked-growing", "20 more events are parked than some minutes ago, 120 in all"]]);
    await pass(540_000);
    expect(facts(120)).toEqual([]);
  });

  test("that are a large part of the finished events need attention", () => {
    const { facts, recent } = setup("confirm");
    recent.count("handled", PULLED, 590);
    recent.count("parked", PULLED, 9);
    expect(facts(9)).toEqual([]);
    recent.count("parked", PULLED, 401);

    expect(facts(410)).toEqual([
      [
        "parked-growing",
        "401 more events are parked than some minutes ago, 410 in all; 410 of the last 1000 events were parked",
      ],
    ]);
  });
});

function rolesLacking(changes: Partial<Fleet>) {
  const fleet = { roles: [], sources: ["a"], takesCallbacks: false, replicas: [], waiting: 7, ...changes };
  return roleProblems(fleet).map(({ fact, source }) => [source, fact]);
}

function setup(policy: "hold" | "confirm" = "hold") {
  useFakeClock();
  const recent = new Recent();
  const look = createParkedWatch(recent, policy);
  return { recent, facts: (parked: number) => look(parked).map(({ code, fact }) => [code, fact]) };
}

function replica(roles: readonly string[], sources: readonly string[]): Replica {
  const at = new Date().toISOString();
  return {
    name: "other",
    version: "1",
    roles,
    sources,
    startedAt: at,
    seenAt: at,
    running: 0,
    state: "ready",
    problems: [],
  };
}
