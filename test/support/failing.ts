import { pino, type Logger } from "pino";
import { vi } from "vitest";
import type { Meter } from "../../src/core/meter.ts";

/** A log that throws at every line. `tries` counts the lines. */
export function failingLog(): { readonly log: Logger; readonly tries: () => number } {
  const refuse = vi.fn(() => {
    throw new Error("the disk for logs is full");
  });
  const methods = ["trace", "debug", "info", "warn", "error", "fatal", "child"];
  const log = Object.assign(pino({ level: "trace" }), Object.fromEntries(methods.map((name) => [name, refuse])));
  return { log, tries: () => refuse.mock.calls.length };
}

export function failingMeter(): Meter {
  return { count: noSuchCounter, observe: noSuchCounter };
}

function noSuchCounter(): never {
  throw new Error("no such counter");
}
