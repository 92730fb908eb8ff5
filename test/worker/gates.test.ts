import { expect, test, vi } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import type { Limits } from "../../src/core/limits.ts";
import type { RedisGate } from "../../src/ledger/gate.ts";
import { assertOrdersNothing, createGates } from "../../src/worker/gates.ts";
import { limitProblems } from "../../src/worker/problems-now.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { recordingLog } from "../support/recording.ts";

const ordered: Limits = { name: "v Ordered", isOrdered: true };

function setup(limited: readonly Limits[], held = 0) {
  useFakeClock();
  const byHand = new Set<string>();
  const handlers = {
    gated: limited,
    heed: vi.fn((names: ReadonlySet<string>) => {
      handlers.gated = [...limited, ...[...names].map((name) => ({ name, isOrdered: false }))];
    }),
  };
  const gate = {
    look: vi.fn<RedisGate["look"]>(async () => ({ held, placed: 1 })),
    open: vi.fn<RedisGate["open"]>(async () => {}),
    known: vi.fn<RedisGate["known"]>(async () => new Map([["v Ordered", { isOrdered: true }]])),
    words: vi.fn<RedisGate["words"]>(async () => new Set(byHand)),
  };
  return { gate, byHand, handlers, gates: createGates({ gate, handlers, mostHeld: 9, log: recordingLog().log }) };
}

test("the limits of handlers without limits are not checked, except once at the start for what another version left", async () => {
  const { gate, gates } = setup([]);
  await gates.start();
  await pass(10_000);
  expect(gate.look).not.toHaveBeenCalled();
  expect(gate.known).toHaveBeenCalledOnce();
  expect(gate.open.mock.calls).toEqual([["v Ordered"]]);
  await gates.stop();
});

test("limits are checked once a second, and reported as soon as no more events may wait", async () => {
  for (const [held, codes] of [
    [8, []],
    [9, ["limit-full"]],
  ] as const) {
    const { gate, gates } = setup([ordered], held);
    await gates.start();
    await pass(10_000);
    expect(gate.open).not.toHaveBeenCalled();
    expect(gate.look.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(gate.look.mock.calls.length).toBeLessThanOrEqual(11);
    expect(gates.status()).toEqual([{ handler: "v Ordered", held, placed: 1, maxHeld: 9 }]);
    expect(limitProblems(gates.status()).map(({ code }) => code)).toEqual(codes);
    await gates.stop();
  }
});

test("a process that takes events in without handlers is refused if workers order events", async () => {
  const { gate } = setup([]);
  await expect(assertOrdersNothing(gate, ["pull"])).rejects.toThrow(ConfigError);
  await expect(assertOrdersNothing(gate, ["pull"])).rejects.toThrow(/HANDLERS.*ROLES=pull.*v Ordered.*orderBy/);
  gate.known.mockResolvedValue(new Map([["v Plain", { isOrdered: false }]]));
  await assertOrdersNothing(gate, ["http"]);
});

test("limits that an operator sets take effect with the next heartbeat, and end in time", async () => {
  const { gate, gates, byHand, handlers } = setup([]);
  await gates.start();
  await gates.heed(0);
  await pass(3_000);
  expect(gate.words).toHaveBeenCalledOnce();
  expect(gate.look).not.toHaveBeenCalled();
  gate.open.mockClear();

  byHand.add("v Plain");
  await gates.heed(1);
  await pass(3_000);
  expect(handlers.heed.mock.lastCall).toEqual([new Set(["v Plain"])]);
  expect(gate.look.mock.lastCall).toEqual([{ name: "v Plain", isOrdered: false }]);

  // Its time is over, and no message says so.
  byHand.clear();
  await gates.heed(1);
  expect(gate.open.mock.calls).toEqual([["v Plain"]]);
  gate.look.mockClear();
  await gates.heed(1);
  await pass(3_000);
  expect(gate.look).not.toHaveBeenCalled();
  expect(gate.words).toHaveBeenCalledTimes(3);
  await gates.stop();
});
