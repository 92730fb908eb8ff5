import { Hono } from "hono";
import type { Logger } from "pino";
import { type Health, healthOf } from "../../core/health.ts";
import { type Problem, problems } from "../../core/problems.ts";
import { withTimeout } from "../with-timeout.ts";
import type { CallbackReadiness, Status } from "./status-contract.ts";

/** Probes allow an answer 2 s; the rest is for a busy machine. */
const WAIT_MS = 1_000;

/** A status of this age is good enough while a new one is being read. */
const HOLDS_MS = 5_000;

/** The status, or the part of it that was ready in time. */
export type KnownStatus = Health & Partial<Status>;
export type ReadStatus = () => Promise<KnownStatus>;

/** Never rejects and never takes long. An unreadable status becomes a problem in the answer. */
export function createReadStatus(options: { status(): Promise<Status>; readonly log: Logger }): ReadStatus {
  const read = withTimeout(() => options.status(), WAIT_MS);
  let last: { readonly status: KnownStatus; readonly at: number } | undefined;
  let since: string | undefined;
  return async () => {
    try {
      const status = await read();
      if (!status) return unknown(problems.statusSlow());
      last = { status, at: performance.now() };
      since = undefined;
      return status;
    } catch (err) {
      options.log.warn({ err }, "status cannot be read");
      return unknown(problems.statusUnreadable());
    }
  };

  function unknown(problem: Problem): KnownStatus {
    since ??= new Date().toISOString();
    if (last && performance.now() - last.at < HOLDS_MS) return last.status;
    return healthOf([{ ...problem, since }]);
  }
}

export function health(options: {
  readonly readStatus: ReadStatus;
  /** Missing where no callbacks are taken. */
  readonly readCallbacks?: (() => Promise<CallbackReadiness>) | undefined;
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
}): Hono {
  const app = new Hono();
  // Does not ask Redis: restarting this process would not bring Redis back.
  app.get("/healthz", (c) => c.json({ alive: true }));
  app.get("/readyz", async (c) => {
    const { state, ready, problems: found } = await options.readStatus();
    return c.json({ state, ready, problems: found }, ready ? 200 : 503);
  });
  const { readCallbacks } = options;
  if (readCallbacks)
    app.get("/readyz/callbacks", async (c) => {
      const answer = await readCallbacks();
      return c.json(answer, answer.ready ? 200 : 503);
    });
  app.get("/metrics", async (c) =>
    c.body(await options.metrics.text(), 200, { "Content-Type": options.metrics.contentType }),
  );
  return app;
}
