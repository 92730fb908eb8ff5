/** The real server with the real receivers, built like in the worker. Its inbox only counts. */
import { pino } from "pino";
import { expect, onTestFinished } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import type { PushInbox } from "../../../src/core/inbox.ts";
import { createMetrics } from "../../../src/http/probes/metrics.ts";
import { callbacks } from "../../../src/http/callbacks/endpoints.ts";
import { startHttp } from "../../../src/http/server.ts";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { openReceivers } from "../../../src/worker/doors.ts";
import { statusOf } from "../../support/status.ts";
import { ENV, SECRETS } from "./vendors.ts";

export const SUFFIX = "a-suffix-nobody-guesses";

export type Doors = {
  readonly port: number;
  /** Fails if an error or a secret was logged since the last call. */
  expectQuiet(): void;
};

export async function openDoors(inbox: PushInbox, requestMs?: number): Promise<Doors> {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const config = readConfig({ ...ENV, CALLBACK_SUFFIX: SUFFIX });
  const metrics = createMetrics({ status: healthy });
  const receivers = await openReceivers(config);
  const doors = callbacks({ receivers, settings: config.callbacks, inbox, log, meter: metrics.meter });
  const options = {
    host: "127.0.0.1",
    port: 0,
    requestMs,
    log,
    status: healthy,
    metrics,
    callbacks: async () => doors,
  };
  const server = await startHttp(options);
  onTestFinished(() => server.close());
  watchProcess();
  return {
    port: server.address.port,
    expectQuiet() {
      for (const line of lines.splice(0)) {
        expect(JSON.parse(line)).toMatchObject({ level: expect.toSatisfy((level) => Number(level) < 50) });
        for (const secret of [...SECRETS, SUFFIX]) expect(line).not.toContain(secret);
      }
    },
  };
}

async function healthy(): Promise<Status> {
  return statusOf();
}

/** Fails if the test causes an uncaught error or a warning from Node. */
export function watchProcess(): void {
  const escaped: unknown[] = [];
  const note = (what: unknown): void => void escaped.push(what);
  const events = ["uncaughtExceptionMonitor", "unhandledRejection", "warning"] as const;
  for (const event of events) process.on(event, note);
  onTestFinished(() => {
    for (const event of events) process.off(event, note);
    expect(escaped).toEqual([]);
  });
}
