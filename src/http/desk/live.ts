/**
 * Tells pages by server-sent events that something changed. The pages then reload themselves. A stream ends after a
 * minute and the browser opens the next one, so no stream outlives a password or a deployment for long.
 */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { sleep } from "../../core/sleep.ts";
import type { HttpEnv } from "../access/guard.ts";
import type { KnownStatus, ReadStatus } from "../probes/health.ts";

const LOOK_MS = 2_000;
/** The ages on a page advance even if nothing else changes. A proxy also sees that the stream is alive. */
const BEAT_MS = 15_000;
const STREAM_MS = 60_000;
const RETRY_MS = 1_000;
/** Each open browser page needs one. */
const MAX_STREAMS = 256;

type LiveOptions = {
  readonly readStatus: ReadStatus;
  /** Other data on the pages that may change. */
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
    // Without this, nginx buffers the stream.
    c.header("X-Accel-Buffering", "no");
    const answer = streamSSE(c, async (stream) => {
      const left = new AbortController();
      stream.onAbort(() => left.abort());
      const tell = () => void stream.writeSSE({ event: "changed", data: "" });
      listeners.add(tell);
      // A resumed stream has missed the changes in between.
      const isFirst = c.req.header("last-event-id") === undefined;
      await stream.writeSSE({ event: isFirst ? "open" : "changed", id: "1", data: "", retry: RETRY_MS });
      void look();
      await sleep(STREAM_MS, AbortSignal.any([left.signal, ...(closing ? [closing] : [])]));
      listeners.delete(tell);
    });
    // A kept-alive idle connection would delay the server's close.
    answer.headers.set("Connection", "close");
    return answer;
  });
  return app;

  /** Looks once for all streams, and only while there are any. */
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

/** Leaves out times, which change with every look. */
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
