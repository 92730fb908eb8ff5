/** The parts of an event's page that no list shows: what its handler left, and how long things last. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { isObject, type JsonObject } from "../core/event.ts";
import type { Keys } from "../ledger/keys.ts";
import type { EventWithLife } from "./contract.ts";
import type { OpenRow } from "./open-row.ts";

type Details = Pick<
  EventWithLife,
  "body" | "stack" | "steps" | "lines" | "progress" | "receiptUntil" | "nextAttemptAt"
>;

const Data = z.object({ body: z.custom<JsonObject>(isObject) });
const Stacks = z.array(z.string());

export function createDetails(redis: Redis, { keysOf }: Keys) {
  return async ({ event, fingerprint }: OpenRow): Promise<Details> => {
    const own = keysOf(event.source);
    const { id, state } = event;
    const job = own.job(id);
    const [[data, stacks, progress], lines, steps, [recordId, openUntil], delayed] = await Promise.all([
      redis.hmget(job, "data", "stacktrace", "progress"),
      redis.lrange(`${job}:logs`, 0, -1),
      redis.hgetall(own.steps(id)),
      redis.hmget(own.event(fingerprint), "id", "openUntil"),
      state === "delayed" ? redis.zscore(own.queue("delayed"), id) : null,
    ]);
    const body = Data.safeParse(parsed(data)).data?.body;
    const stack = Stacks.catch([]).parse(parsed(stacks)).at(-1);
    const reported = parsed(progress);
    const isReported = progress !== null && progress !== undefined && progress !== "0";
    return {
      ...(body && { body }),
      ...(stack !== undefined && event.error !== undefined && { stack }),
      ...stepsOf(steps),
      ...(lines.length > 0 && { lines }),
      ...(isReported && reported !== undefined && { progress: reported }),
      ...(event.expiresAt !== undefined && recordId === id && openUntil && { receiptUntil: timeOf(openUntil) }),
      // The score in BullMQ: the time, with a counter in the lowest bits.
      ...(delayed !== null && { nextAttemptAt: timeOf(Number(delayed) / 0x1000) }),
    };
  };
}

/** Reads steps in the form that `claim-step.lua` writes. */
function stepsOf(fields: Readonly<Record<string, string>>): Pick<Details, "steps"> {
  const steps = Object.entries(fields).flatMap(([name, text]) => {
    if (name === "") return [];
    const [, since] = /^c(\d+) /.exec(text) ?? [];
    return [since === undefined ? { name, isDone: true } : { name, isDone: false, seenAt: timeOf(since) }];
  });
  return steps.length > 0 ? { steps } : {};
}

function timeOf(ms: string | number): string {
  return new Date(Math.floor(Number(ms))).toISOString();
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}
