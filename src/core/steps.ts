/**
 * The steps of one attempt: `step(name, run)` gives the result that an earlier attempt kept, or runs it and keeps its
 * result.
 *
 * A step is claimed before it runs, and its result is kept only under that claim. If a process freezes and another
 * attempt runs the step meanwhile, the frozen attempt gets the other's result.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { backoffMs } from "./backoff.ts";
import { PermanentError } from "./errors.ts";
import type { EventRef } from "./event.ts";
import type { EventLog } from "./event-log.ts";
import { messageOf } from "./failure.ts";
import type { Step } from "./handler.ts";
import { settledBefore, sleep } from "./sleep.ts";
import { CLAIM_MS, STEP_LIMITS, type StepRef, type StepStore } from "./step-store.ts";

export type StepsOptions = {
  readonly event: EventRef;
  readonly store: StepStore;
  readonly log: EventLog;
  /** Aborts when the attempt's time is up: no step begins after that. */
  readonly signal: AbortSignal;
  /** Aborts when the attempt ended, or was given up. */
  readonly settled: AbortSignal;
};

export type Steps = {
  readonly step: Step;
  /** Whether the handler used a step. */
  readonly areUsed: () => boolean;
};

const RENEW_MS = CLAIM_MS / 3;

export function createSteps({ event, store, log, signal, settled }: StepsOptions): Steps {
  const began = performance.now();
  const names = new Set<string>();
  let token: string | undefined;
  return { step, areUsed: () => names.size > 0 };

  async function step<T>(name: string, run: (key: string) => T | PromiseLike<T>): Promise<T> {
    checkName(name);
    if (settled.aborted)
      throw new Error(`step ${JSON.stringify(name)} was called after its attempt had ended: await every step`);
    if (names.has(name))
      throw new PermanentError(
        `step ${JSON.stringify(name)} was called twice in one attempt: give each its own name, such as "${name}-2"`,
      );
    names.add(name);
    const ref = { event: toRef(event), name, token: (token ??= randomUUID()) };
    return z.custom<T>().parse(resultOf(await keptOrRun(ref, run)));
  }

  async function keptOrRun(ref: StepRef, run: (key: string) => unknown): Promise<string> {
    const claim = await claimed(ref);
    if (claim.kind === "kept") return claim.result;
    signal.throwIfAborted();
    return await renewedWhile(ref, runAndKeep(ref, run, claim.kind === "lost"));
  }

  async function runAndKeep(ref: StepRef, run: (key: string) => unknown, isLost: boolean): Promise<string> {
    let result: string;
    try {
      result = jsonOf(ref.name, await run(`${event.id}:${ref.name}`));
    } catch (err) {
      store.release(ref).catch((why: unknown) => log().debug({ err: why, step: ref.name }, "cannot release a step"));
      throw err;
    }
    return isLost ? result : await keep(ref, result);
  }

  /** Waits while another attempt runs the step. */
  async function claimed(ref: StepRef) {
    for (;;) {
      const asking = store.claim(ref, performance.now() - began);
      if (signal.aborted || !(await settledBefore(asking, signal))) throw signal.reason;
      const claim = await asking;
      switch (claim.kind) {
        case "busy":
          await sleep(claim.askAgainMs, signal);
          break;
        case "full":
          throw new PermanentError(
            `step ${JSON.stringify(ref.name)} is one too many: an event has at most ${STEP_LIMITS.steps} steps`,
          );
        case "over":
          throw new Error(`step ${JSON.stringify(ref.name)} was not run: the event was handled or given up meanwhile`);
        default:
          return claim;
      }
    }
  }

  /** The effect has happened, so storing the result is retried until it succeeds or the attempt is given up. */
  async function keep(ref: StepRef, result: string): Promise<string> {
    for (;;) {
      const stored = await storeAtLast(ref, result);
      if (stored === "stored") return result;
      if (stored === "full") throw tooLarge(ref.name, "all results of an event", STEP_LIMITS.totalBytes);
      // Another attempt took the step over: its result counts. If it has none, the result of this one counts.
      const claim = await claimed(ref);
      if (claim.kind === "kept") return claim.result;
      if (claim.kind === "lost") return result;
    }
  }

  async function storeAtLast(ref: StepRef, result: string) {
    for (let failures = 1; ; failures++) {
      try {
        return await store.store(ref, result);
      } catch (err) {
        if (settled.aborted) throw err;
        log().warn({ err, step: ref.name, failures }, "cannot keep a step's result, trying again");
        await sleep(backoffMs(failures, { minMs: 100, maxMs: 2_000 }), settled);
      }
    }
  }

  /** An abandoned attempt stops renewing its claim, so that the next attempt takes the step over. */
  async function renewedWhile<T>(ref: StepRef, work: Promise<T>): Promise<T> {
    const ended = new AbortController();
    void renew();
    try {
      return await work;
    } finally {
      ended.abort("ended");
    }

    async function renew(): Promise<void> {
      for (;;) {
        await sleep(RENEW_MS, ended.signal);
        if (ended.signal.aborted || settled.aborted) return;
        await store.renew(ref).catch((err: unknown) => log().debug({ err, step: ref.name }, "cannot renew a step"));
      }
    }
  }
}

function toRef({ id, fingerprint, source }: EventRef): EventRef {
  return { id, fingerprint, source };
}

function checkName(name: unknown): void {
  if (typeof name !== "string" || name === "" || name.length > STEP_LIMITS.nameLength)
    throw new PermanentError(
      `step(${JSON.stringify(name)}): a step's name is a text of 1 to ${STEP_LIMITS.nameLength} characters`,
    );
}

/** Empty for an undefined result. The first attempt also gets the value after JSON, so that later ones get the same. */
function jsonOf(name: string, result: unknown): string {
  const json = textOf(name, result);
  if (Buffer.byteLength(json) > STEP_LIMITS.resultBytes)
    throw tooLarge(name, "one result", STEP_LIMITS.resultBytes, Buffer.byteLength(json));
  return json;
}

function textOf(name: string, result: unknown): string {
  try {
    const json: unknown = JSON.stringify(result);
    return typeof json === "string" ? json : "";
  } catch (err) {
    throw new PermanentError(
      `step ${JSON.stringify(name)} returned a value that JSON cannot hold (${messageOf(err)}): return plain data`,
    );
  }
}

function tooLarge(name: string, what: string, limit: number, bytes?: number): PermanentError {
  const size = bytes === undefined ? "a result" : `${bytes} bytes of JSON`;
  return new PermanentError(
    `step ${JSON.stringify(name)} returned ${size}, and ${what} may have ${limit} bytes: return less, such as an id`,
  );
}

function resultOf(json: string): unknown {
  return json === "" ? undefined : JSON.parse(json);
}
