import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { pino } from "pino";
import { expect, test } from "vitest";
import { z } from "zod";
import { createContext } from "../../src/core/context.ts";
import { createMemorySteps } from "../../src/core/memory-steps.ts";
import { eventOf } from "./processor-setup.ts";

const HaveOneShape = z.function({ input: [z.unknown(), z.unknown()], output: z.boolean() });
const log = pino({ level: "silent" });

test("a handler may pass its context on, spread, wrapped or in parts", () => {
  const context = contextOf();

  expect(Object.keys(context).toSorted()).toEqual(["attempt", "event", "log", "progress", "signal", "step"]);
  const { signal, log: own } = { ...context };
  expect([signal, own]).toEqual([context.signal, context.log]);
  expect(new Proxy(context, {}).signal).toBe(signal);
  expect(Object.create(context).signal).toBe(signal);
});

test("contexts have one shape for V8, so that none outlives its attempt", () => {
  setFlagsFromString("--allow-natives-syntax");
  const haveOneShape = HaveOneShape.parse(runInThisContext("(a, b) => %HaveSameMap(a, b)"));

  expect(haveOneShape(contextOf(), contextOf())).toBe(true);
});

function contextOf() {
  const { signal } = new AbortController();
  const options = { event: eventOf(), attempt: 1, log: () => log, steps: createMemorySteps() };
  return createContext(options, { deadline: { signal: () => signal }, settled: () => signal }).context;
}
