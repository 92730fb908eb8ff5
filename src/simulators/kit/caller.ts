/**
 * How a vendor calls: it waits 5 s for an answer, takes 200 and nothing else for success, tries twice more 1 s apart,
 * and then gives the event up.
 */
import { messageOf } from "../../core/failure.ts";
import { sleep } from "../../core/sleep.ts";

export type CallerOptions = {
  /** Where the calls go. */
  readonly url: string;
  readonly timeoutMs?: number | undefined;
  /** Between two tries. */
  readonly pauseMs?: number | undefined;
};

export type Call = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** `answers`: the status of each try, or `none`. */
export type Outcome = { readonly delivered: boolean; readonly answers: readonly (number | "none")[] };

export type Caller = {
  /** Calls `make` for each try, because each try has its own signature. */
  call(make: () => Call): Promise<Outcome>;
  /** Ends the calls that are under way. */
  close(): Promise<void>;
};

const TRIES = 3;
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 1_000;

export function createCaller({ url, timeoutMs = TIMEOUT_MS, pauseMs = PAUSE_MS }: CallerOptions): Caller {
  const closing = new AbortController();
  const running = new Set<Promise<Outcome>>();

  async function tryAll(make: () => Call): Promise<Outcome> {
    const answers: (number | "none")[] = [];
    while (answers.length < TRIES && !closing.signal.aborted) {
      if (answers.length > 0) await sleep(pauseMs, closing.signal);
      const answer = await post(url, make(), AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]));
      answers.push(typeof answer === "number" ? answer : "none");
      if (answer === 200) return { delivered: true, answers };
    }
    return { delivered: false, answers };
  }

  return {
    call(make) {
      const calling = tryAll(make).finally(() => running.delete(calling));
      running.add(calling);
      return calling;
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

/** The status, or why there was no answer. */
export async function post(url: string, { headers, body }: Call, signal: AbortSignal): Promise<number | string> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.body?.cancel();
    return response.status;
  } catch (err) {
    return messageOf(err);
  }
}
