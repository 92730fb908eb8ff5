import { Hono } from "hono";
import type { Logger } from "pino";
import { problems, textOf } from "../../core/problems.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Status } from "./status-contract.ts";

/** Probes allow an answer 2 s; the rest is for a busy machine. */
const WAIT_MS = 1_000;

/** The status, or as much of it as could be said in time. */
export type KnownStatus = Pick<Status, "ready" | "problems"> & Partial<Status>;
export type ReadStatus = () => Promise<KnownStatus>;

/** Never rejects and never takes long: a status that cannot be read is a problem to show. */
export function createReadStatus(options: { status(): Promise<Status>; readonly log: Logger }): ReadStatus {
  const read = withTimeout(() => options.status(), WAIT_MS);
  return async () => {
    try {
      return (await read()) ?? { ready: false, problems: [problems.statusSlow()] };
    } catch (err) {
      options.log.warn({ err }, "status cannot be read");
      return { ready: false, problems: [problems.statusUnreadable()] };
    }
  };
}

export function health(options: {
  readonly readStatus: ReadStatus;
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
}): Hono {
  const app = new Hono();
  // Alive does not ask Redis: a restart of this process would not bring it back.
  app.get("/healthz", (c) => c.json({ alive: true }));
  app.get("/readyz", async (c) => {
    const status = await options.readStatus();
    return c.json({ ready: status.ready, problems: status.problems.map(textOf) }, status.ready ? 200 : 503);
  });
  app.get("/metrics", async (c) =>
    c.body(await options.metrics.text(), 200, { "Content-Type": options.metrics.contentType }),
  );
  return app;
}
