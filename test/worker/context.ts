import { pino } from "pino";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { HandlerContext } from "../../src/core/handler.ts";
import { contextTools } from "../support/context-tools.ts";

export function eventOf(changes: Partial<CallbackEvent> = {}): CallbackEvent {
  return {
    id: "tv-4711",
    fingerprint: "fp-of-content",
    vendor: "tencent-vod",
    source: "tencent-vod/1500000001",
    door: "pull",
    type: "NewFileUpload",
    receivedAt: "2026-11-20T10:00:00.000Z",
    body: { EventType: "NewFileUpload", FileUploadEvent: { FileId: "5285485487985271487", Name: "Käse ☕" } },
    ...changes,
  };
}

export function contextOf(changes: Partial<HandlerContext> = {}): HandlerContext {
  return {
    event: eventOf(),
    attempt: 1,
    log: pino({ enabled: false }),
    signal: new AbortController().signal,
    ...contextTools,
    ...changes,
  };
}
