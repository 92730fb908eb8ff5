import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { createHandlers } from "../../src/core/handlers.ts";
import type { Handler, HandlerContext } from "../../src/core/handler.ts";
import { contextTools } from "../support/context-tools.ts";

const defaults = { attempts: 20, backoffMs: 1_000, timeoutMs: 600_000 };

function handler(vendor: string, type: string, options: Partial<Handler> = {}): Handler {
  return { vendor, type, run: async () => `${vendor}/${type}`, ...options };
}

function context(vendor: string, type: string): HandlerContext {
  const door = "pull" as const;
  const event = { id: "id", fingerprint: "fp", vendor, source: vendor, door, type, receivedAt: "2026-11-20", body: {} };
  return { event, attempt: 1, log: pino({ enabled: false }), signal: new AbortController().signal, ...contextTools };
}

test("the most specific handler gets an event", async () => {
  const anything = [handler("*", "*"), handler("*", "Uploaded"), handler("a", "*"), handler("a", "Uploaded")];
  const handlers = createHandlers(anything, defaults);
  const takerOf = (vendor: string, type: string) => handlers.find({ vendor, type })?.run(context(vendor, type));

  await expect(takerOf("a", "Uploaded")).resolves.toBe("a/Uploaded");
  await expect(takerOf("a", "Deleted")).resolves.toBe("a/*");
  await expect(takerOf("b", "Uploaded")).resolves.toBe("*/Uploaded");
  await expect(takerOf("b", "Deleted")).resolves.toBe("*/*");
});

test("a vendor's handler for every type takes precedence over a handler of one type for every vendor", async () => {
  const handlers = createHandlers([handler("*", "Uploaded"), handler("a", "*")], defaults);

  await expect(handlers.find({ vendor: "a", type: "Uploaded" })?.run(context("a", "Uploaded"))).resolves.toBe("a/*");
});

test("a type without a handler finds none", () => {
  const handlers = createHandlers([handler("a", "Uploaded")], defaults);

  expect(handlers.find({ vendor: "a", type: "Deleted" })).toBeUndefined();
  expect(handlers.find({ vendor: "b", type: "Uploaded" })).toBeUndefined();
  expect(handlers.find({ vendor: "a", type: "constructor" })).toBeUndefined();
  expect(createHandlers([], defaults).find({ vendor: "a", type: "Uploaded" })).toBeUndefined();
});

test("a handler gets the defaults for the settings that it does not give", () => {
  const own = { attempts: 1, backoffMs: 0, timeoutMs: 5 };
  const handlers = createHandlers([handler("a", "Own", own), handler("a", "Plain")], defaults);

  expect(handlers.find({ vendor: "a", type: "Own" })).toMatchObject(own);
  expect(handlers.find({ vendor: "a", type: "Plain" })).toMatchObject(defaults);
});

test("two handlers for one type of one vendor are refused, and the error names both", () => {
  const twins = [handler("a", "Uploaded"), handler("b", "Uploaded"), handler("a", "Uploaded")];

  expect(() => createHandlers(twins, defaults)).toThrow(
    'two handlers for vendor "a", type "Uploaded"; keep one of them',
  );
});

test("two handlers for everything are refused as well", () => {
  expect(() => createHandlers([handler("*", "*"), handler("*", "*")], defaults)).toThrow(
    'two handlers for vendor "*", type "*"',
  );
});

test("vendor and type are compared apart, not as one joined text", async () => {
  const handlers = createHandlers([handler("a", "b,c"), handler("a,b", "c")], defaults);

  await expect(handlers.find({ vendor: "a,b", type: "c" })?.run(context("a,b", "c"))).resolves.toBe("a,b/c");
});

test("a handler may be an object whose function uses `this`", () => {
  const seen = vi.fn();
  class Counter implements Handler {
    readonly vendor = "a";
    readonly type = "Uploaded";
    readonly #name = "counter";
    run(): void {
      seen(this.#name);
    }
  }
  const handlers = createHandlers([new Counter()], defaults);

  handlers.find({ vendor: "a", type: "Uploaded" })?.run(context("a", "Uploaded"));

  expect(seen).toHaveBeenCalledWith("counter");
});
