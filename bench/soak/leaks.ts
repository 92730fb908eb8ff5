/** Deliberate leaks, one of each kind, to show that the soak finds them. */
import { openSync } from "node:fs";
import type { Redis } from "ioredis";
import type { JsonObject } from "../../src/core/event.ts";

export const LEAKS = ["body", "key", "descriptor", "timer", "listener"] as const;
export type Leak = (typeof LEAKS)[number];

const A_DAY_MS = 86_400_000;
/** Copies of each body as text, so that a leak shows within seconds. */
const COPIES = 10;
/** One descriptor for each event would soon use them up and end the worker. */
const EVENTS_PER_DESCRIPTOR = 5;

/** Called once per event. */
export function createLeaks(leaks: readonly Leak[], redis: Redis): (body: JsonObject) => void {
  const bodies: string[] = [];
  const longLived = new AbortController();
  let events = 0;
  const actions: Readonly<Record<Leak, (body: JsonObject) => void>> = {
    body: (body) => bodies.push(JSON.stringify(Array.from({ length: COPIES }, () => body))),
    key: () => void redis.set(`leak:${events}`, ""),
    descriptor: () => void (events % EVENTS_PER_DESCRIPTOR === 0 && openSync("/dev/null", "r")),
    timer: () => void setTimeout(() => {}, A_DAY_MS),
    listener: () => longLived.signal.addEventListener("abort", () => {}),
  };
  return (body) => {
    events += 1;
    for (const leak of leaks) actions[leak](body);
  };
}
