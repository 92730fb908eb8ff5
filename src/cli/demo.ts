/** Everything in one process: simulated vendors with events coming, a worker with a private Redis, and the pages. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApp } from "../worker/app.ts";
import { readConfig } from "../config/config.ts";
import handlers from "./demo-handlers.ts";
import { createLog, stopOnSignal } from "./process.ts";
import { EVENT_TYPES } from "../simulators/tencent-vod/samples.ts";
import { startSimulator } from "../simulators/tencent-vod/server.ts";
import { startTraffic } from "../simulators/tencent-vod/traffic.ts";
import { openDoors } from "./demo-doors.ts";

const CREDENTIALS = { secretId: "demo", secretKey: "demo" };
const TRAFFIC = { rate: 3, types: EVENT_TYPES, maxUnconfirmed: 1_000 };

/** The demo takes callbacks, so its pages have a port of their own: the next one, unless it is set. */
function portAfter(port: string | undefined): string | undefined {
  const number = Number(port || 3_000);
  return number > 0 ? String(number + 1) : port;
}

export async function demo(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const simulator = await startSimulator({ ...CREDENTIALS, seed: 1 });
  const doors = await openDoors();
  const config = readConfig({
    ...doors.env,
    PORT: env["PORT"],
    PAGES_PORT: env["PAGES_PORT"] || portAfter(env["PORT"]),
    HOST: env["HOST"],
    REDIS_SERVER: env["REDIS_SERVER"],
    LOG_LEVEL: env["LOG_LEVEL"],
    DASHBOARD_USER: env["DASHBOARD_USER"],
    DASHBOARD_PASSWORD: env["DASHBOARD_PASSWORD"],
    TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
    TENCENT_VOD_ENDPOINT: simulator.url,
    SHUTDOWN_GRACE_MS: "10000",
  });
  const log = createLog(config.logLevel);
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-demo-"));
  const app = await startApp({
    config: { ...config, redis: { ...config.redis, folder } },
    handlers: { list: handlers },
    log,
  });
  const traffic = startTraffic({ simulator, ...TRAFFIC, log: (line) => log.info(line) });
  doors.send(app.url, (line) => log.info(line));
  stopOnSignal(stop, config.shutdownGraceMs, log);
  process.stdout.write(`
  Events are flowing: vendor -> queue -> handler -> confirmation. Every door is open, each to its own simulator:

    Tencent VOD           pulled, and pushed to /callbacks/tencent-vod
    Alibaba Cloud VOD     pulled from an MNS queue, and pushed to /callbacks/alibaba-vod
    ZEGOCLOUD             pushed to /callbacks/zegocloud; one call in twenty is forged, and refused

    what is going on      ${app.pagesUrl}/
    the queue             ${app.pagesUrl}/dashboard
    metrics               ${app.url}/metrics
    publish one yourself  curl -X POST ${simulator.url}/control/events -d '{"type":"NewFileUpload"}'
    or into MNS           curl -X POST ${doors.queueUrl}/control/events -d '{"type":"SnapshotComplete"}'

  One type fails for good here, one fails now and then, one takes longer than the vendor waits. Ctrl-C ends it all.

`);

  async function stop(): Promise<void> {
    traffic.close();
    await doors.quiet();
    await app.stop();
    await doors.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
