/** Everything in one process: simulated vendors with events coming, a worker with a private Redis, and the pages. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../config/config.ts";
import { startFleetControl } from "../simulators/fleet-control.ts";
import { DEMO_OPTIONS, DEMO_RATES, SHOWN } from "../simulators/demo-fleet.ts";
import { startFleet } from "../simulators/fleet.ts";
import { startApp } from "../worker/app.ts";
import handlers from "./demo-handlers.ts";
import { portAfter } from "./port-after.ts";
import { createLog, stopOnSignal } from "./process.ts";

/** With more open events than this, parked events would be hard to find on the page. */
const MOST_OPEN = 300;

export async function demo(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const fleet = await startFleet(DEMO_OPTIONS);
  const control = await startFleetControl(fleet.doors);
  const config = readConfig({
    ...fleet.env,
    PORT: env["PORT"],
    PAGES_PORT: env["PAGES_PORT"] || portAfter(env["PORT"]),
    HOST: env["HOST"],
    REDIS_SERVER: env["REDIS_SERVER"],
    LOG_LEVEL: env["LOG_LEVEL"],
    DASHBOARD_USER: env["DASHBOARD_USER"],
    DASHBOARD_PASSWORD: env["DASHBOARD_PASSWORD"],
    SHUTDOWN_GRACE_MS: "10000",
  });
  const log = await createLog(config.logLevel);
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-demo-"));
  const app = await startApp({
    config: { ...config, redis: { ...config.redis, folder } },
    handlers: { list: handlers },
    log,
  });
  fleet.callWorkerAt(app.url);
  const traffic = fleet.startTraffic(DEMO_RATES, { most: MOST_OPEN, log: (line) => log.info(line) });
  stopOnSignal(stop, config.shutdownGraceMs, log);
  const doors = Object.entries(SHOWN);
  process.stdout.write(`
  Events are flowing: vendor -> queue -> handler -> confirmation. Every door is open, each to its own simulator:

${doors.map(([door, { about }]) => `    ${door.padEnd(20)}  ${about}`).join("\n")}

    what is going on      ${app.pagesUrl}/
    the queue             ${app.pagesUrl}/dashboard
    metrics               ${app.url}/metrics

  Publish one yourself, through any door; without a type it is of the next of all types:

${doors.map(([door, { type }]) => `    curl ${control.url}/control/events -d '${JSON.stringify({ door, type })}'`).join("\n")}

  One type fails for good here, one fails now and then, one takes longer than the vendor waits. Ctrl-C ends it all.

`);

  async function stop(): Promise<void> {
    traffic.close();
    await fleet.endCalls();
    await app.stop();
    await Promise.all([control.close(), fleet.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}
