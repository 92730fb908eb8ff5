/** A desk after a busy night: one worker process with a Redis and a simulated vendor of its own. */
import { join } from "node:path";
import { createKeys } from "../../../src/ledger/keys.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { until } from "../../support/until.ts";
import { openTencentWorld } from "../../support/world.ts";
import { FAILURES, FRESH_TYPE, HELD_TYPE, OLDEST_TYPE, QUICK_TYPE, SLOW_MS, SLOW_TYPE } from "./cast.ts";
import { holdMany } from "./hold.ts";
import { fillPast } from "./past.ts";
import { shiftParked } from "./shift.ts";

export type Amounts = { readonly parked: number; readonly open: number; readonly past: number };
export type Stage = Awaited<ReturnType<typeof openStage>>;

const HOUR_MS = 3_600_000;
const PREFIX = "desk";
/** Three events with known files: one is parked, one waits, one was handled yesterday. */
const FILES = { parked: "5285890784273533167", waiting: "5285890784273533168", past: "5285890784273533169" };
const FLOW_MS = 250;
const STAGED_MS = 900_000;

export async function openStage({ parked, open, past }: Amounts, say: (line: string) => void = () => {}) {
  const redis = await startRedisProcess();
  // The vendor redelivers nothing. A small machine with a browser could not renew so many receipts every 30 s.
  const world = await openTencentWorld({
    redis: { url: redis.url, prefix: PREFIX },
    windowMs: HOUR_MS,
    historyLimit: parked + open + 10_000,
  });
  const { simulator } = world;
  const keys = createKeys(PREFIX);
  const { queue } = keys.keysOf("tencent-vod");
  const settings = {
    HANDLERS: join(import.meta.dirname, "handlers.ts"),
    HANDLER_TIMEOUT_MS: String(HOUR_MS),
    MAX_HELD: String(2 * open),
    CONCURRENCY: "64",
  };
  let flow: NodeJS.Timeout | undefined;
  try {
    const worker = await world.start(settings);
    await deliverOneAgain();
    say(`${await fillPast(redis.admin, keys, FILES.past, past)} past events`);
    await fail();
    say(`${parked} parked events`);
    await hold();
    say(`${open} open events`);
    flow = setInterval(() => {
      simulator.publish(QUICK_TYPE);
      simulator.publish(SLOW_TYPE);
    }, FLOW_MS);
    return {
      pagesUrl: worker.pagesUrl,
      files: FILES,
      replica: await replica(),
      amounts: { parked, open, past },
      close,
    };
  } catch (err) {
    await close();
    throw err;
  }

  async function close(): Promise<void> {
    clearInterval(flow);
    await world.close();
    await redis.close();
  }

  /** The second delivery comes while the handler runs. */
  async function deliverOneAgain(): Promise<void> {
    simulator.set({ windowMs: SLOW_MS / 2 });
    simulator.publish(SLOW_TYPE, { body: { FileId: FILES.past, TaskId: "1500000001-Transcode-0" } });
    await world.allConfirmed();
    simulator.set({ windowMs: HOUR_MS });
  }

  async function fail(): Promise<void> {
    const types = Object.keys(FAILURES);
    simulator.publish(OLDEST_TYPE, { body: { FileId: FILES.parked, TaskId: "1500000001-Concat-0" } });
    for (let n = 1; n < parked; n++) simulator.publish(types[n % types.length] ?? OLDEST_TYPE);
    await untilListed("failed", parked);
    for (const type of types.filter((one) => one !== FRESH_TYPE))
      await shiftParked(redis.admin, keys, type, type === OLDEST_TYPE ? 50 * HOUR_MS : 3 * HOUR_MS);
  }

  /** The first event runs, and the others wait for its limit. A worker would need minutes to pull so many. */
  async function hold(): Promise<void> {
    simulator.publish(HELD_TYPE);
    const isRunning = async () => (await redis.admin.llen(queue("active"))) > 0;
    await until("the first one runs", isRunning, { timeoutMs: STAGED_MS });
    await holdMany({
      redis: redis.admin,
      keys,
      count: open - 1,
      windowMs: HOUR_MS,
      bodyOf: (number) =>
        number === 0
          ? {
              EventType: HELD_TYPE,
              ComposeMediaCompleteEvent: { TaskId: "1500000001-Compose-0", FileId: FILES.waiting },
            }
          : simulator.sample(HELD_TYPE),
    });
    await untilListed("delayed", open - 1);
  }

  async function untilListed(list: string, count: number): Promise<void> {
    const isThere = async () => (await redis.admin.zcard(queue(list))) >= count;
    await until(`${count} are ${list}`, isThere, { timeoutMs: STAGED_MS, pauseMs: 100 });
  }

  /** The replica's name on the pages. */
  async function replica(): Promise<string> {
    const [, line = ""] = (await redis.admin.lindex(keys.keysOf("").past(0), 0))?.split("\n") ?? [];
    return /[\t;]d\S+ \S+ ([^\s;]+)/.exec(line)?.[1] ?? "";
  }
}
