/** Everything in one process: simulated vendors with events coming, a worker with a private Redis, and the pages. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../config/config.ts";
import { startFleetControl } from "../simulators/fleet-control.ts";
import { type DoorName, startFleet } from "../simulators/fleet.ts";
import { startApp } from "../worker/app.ts";
import handlers from "./demo-handlers.ts";
import { createLog, stopOnSignal } from "./process.ts";

/** Events per second: Tencent VOD's pulled ones make the traffic, the others are there to be seen. */
const RATES: Readonly<Record<DoorName, number>> = {
  "tencent-vod": 3,
  "tencent-vod-push": 0.5,
  "alibaba-mns": 0.5,
  "alibaba-vod": 0.5,
  zegocloud: 0.5,
  "aws-sqs": 0.5,
};
/** More open ones than that would hide the others. */
const MOST_OPEN = 300;

export async function demo(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const fleet = await startFleet({
    "tencent-vod": {},
    "tencent-vod-push": {},
    "alibaba-mns": {},
    "alibaba-vod": {},
    zegocloud: { twiceEvery: 10, forgedEvery: 20 },
    "aws-sqs": {},
  });
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
  const log = createLog(config.logLevel);
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-demo-"));
  const app = await startApp({
    config: { ...config, redis: { ...config.redis, folder } },
    handlers: { list: handlers },
    log,
  });
  fleet.callWorkerAt(app.url);
  const traffic = fleet.startTraffic(RATES, { most: MOST_OPEN, log: (line) => log.info(line) });
  stopOnSignal(stop, config.shutdownGraceMs, log);
  process.stdout.write(`
  Events are flowing: vendor -> queue -> handler -> confirmation. Every door is open, each to its own simulator:

    tencent-vod           Tencent VOD, pulled from its account
    tencent-vod-push      the same, pushed to /callbacks/tencent-vod
    alibaba-mns           Alibaba Cloud VOD, pulled from a queue of MNS
    alibaba-vod           the same, pushed to /callbacks/alibaba-vod
    zegocloud             pushed to /callbacks/zegocloud; one call in twenty is forged, and refused
    aws-sqs               AWS MediaConvert, pulled from a queue of SQS

    what is going on      ${app.pagesUrl}/
    the queue             ${app.pagesUrl}/dashboard
    metrics               ${app.url}/metrics

  Publish one yourself, through any door; without a type it is of the next of all types:

    curl ${control.url}/control/events -d '{"door":"tencent-vod","type":"NewFileUpload"}'
    curl ${control.url}/control/events -d '{"door":"tencent-vod-push","type":"ClipComplete"}'
    curl ${control.url}/control/events -d '{"door":"alibaba-mns","type":"SnapshotComplete"}'
    curl ${control.url}/control/events -d '{"door":"alibaba-vod","type":"TranscodeComplete"}'
    curl ${control.url}/control/events -d '{"door":"zegocloud","type":"record"}'
    curl ${control.url}/control/events -d '{"door":"aws-sqs","type":"COMPLETE"}'

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

/** The demo takes callbacks, so its pages have a port of their own: the next one, unless it is set. */
function portAfter(port: string | undefined): string | undefined {
  const number = Number(port || 3_000);
  return number > 0 ? String(number + 1) : port;
}
