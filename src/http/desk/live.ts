/**
 * Tells pages by server-sent events that something changed; they then load themselves again. A stream ends after a minute
 * and the browser opens the next one, so that none outlives a password or a deployment for long.
 */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { sleep } from "../../core/sleep.ts";
import type { HttpEnv } from "../access/guard.ts";
import type { KnownStatus, ReadStatus } from "../probes/health.ts";

const LOOK_MS = 2_000;
/** Ages on the page go on when nothing else does; and a proxy sees that the stream lives. */
const BEAT_MS = 15_000;
const STREAM_MS = 60_000;
const RETRY_MS = 1_000;
/** A browser needs one. */
const MAX_STREAMS = 256;

type LiveOptions = {
  readonly readStatus: ReadStatus;
  /** What else pages show that may change. */
  readonly readMore?: (() => unknown) | undefined;
  /** Streams end with the server. */
  readonly closing?: AbortSignal | undefined;
};

export function live({ readStatus, readMore, closing }: LiveOptions): Hono<HttpEnv> {
  const listeners = new Set<() => void>();
  let looking = false;
  const app = new Hono<HttpEnv>();

  app.get("/live", (c) => {
    if (listeners.size >= MAX_STREAMS) return c.text("Too many pages listen.\n", 503);
    // nginx would keep it back
    c.header("X-Accel-Buffering", "no");
    const answer = streamSSE(c, async (stream) => {
      const left = new AbortController();
      stream.onAbort(() => left.abort());
      const tell = () => void stream.writeSSE({ event: "changed", data: "" });
      listeners.add(tell);
      // One that goes on has missed what happened in between.
      const isFirst = c.req.header("last-event-id") === undefined;
      await stream.writeSSE({ event: isFirst ? "open" : "changed", id: "1", data: "", retry: RETRY_MS });
      void look();
      await sleep(STREAM_MS, AbortSignal.any([left.signal, ...(closing ? [closing] : [])]));
      listeners.delete(tell);
    });
    // Kept alive, the idle connection would hold up the server when it closes.
    answer.headers.set("Connection", "close");
    return answer;
  });
  return app;

  /** Looks for all of them, and only while somebody listens. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    let last = await digest();
    let toldAt = performance.now();
    while (listeners.size > 0) {
      if (closing?.aborted) break;
      await sleep(LOOK_MS, closing);
      const found = await digest();
      if (found === last && performance.now() - toldAt < BEAT_MS) continue;
      last = found;
      toldAt = performance.now();
      for (const tell of listeners) tell();
    }
    looking = false;
  }

  async function digest(): Promise<string> {
    return JSON.stringify([readMore?.(), digestOf(await readStatus())]);
  }
}

/** Without times, which change with every look. */
function digestOf({ state, problems, queue, callbacks, sources, replicas }: KnownStatus): string {
  return JSON.stringify([
    state,
    problems.map(({ code, source, fact }) => [code, source, fact]),
    queue,
    callbacks,
    sources?.map(({ unconfirmed, handled, forgotten, backlog, trouble }) => [
      unconfirmed,
      handled,
      forgotten,
      backlog,
      trouble?.message,
    ]),
    replicas?.map(({ name, state: standing }) => [name, standing]),
  ]);
}
