import { pino } from "pino";
import type { JsonObject } from "../../src/core/event.ts";
import type { HandlerContext } from "../../src/core/handler.ts";
import { contextTools } from "../support/context-tools.ts";

export function contextOf(vendor: string, type: string, body: JsonObject): HandlerContext {
  const event = {
    id: "ev-1",
    fingerprint: "f",
    vendor,
    source: vendor,
    door: "push",
    type,
    receivedAt: "2026-01-01T00:00:00.000Z",
    body,
  } as const;
  return { event, attempt: 1, log: pino({ level: "silent" }), signal: new AbortController().signal, ...contextTools };
}
