/**
 * The actors: workers under a supervisor that restarts them, a Redis that can lose its data, and network lines that can
 * fall silent.
 */
import { sleep } from "../../../src/core/sleep.ts";
import type { Dice } from "../../support/dice.ts";
import type { WorkerProcess } from "../../support/process.ts";
import { createKeys } from "../../../src/ledger/keys.ts";
import { startTestServer } from "../../support/test-server.ts";
import { openTencentWorld } from "../../support/world.ts";
import { startProxy } from "../../support/proxy.ts";
import { LIMITS } from "./limits.ts";

/** A disturbance and its target. Times are by the machine's clock. */
export type Incident = {
  readonly what: string;
  readonly at: number;
  until: number;
  readonly pid?: number;
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

type StageOptions = {
  readonly workers: number;
  readonly events: number;
  readonly dice: Dice;
  readonly say: (line: string) => void;
};

/** Far shorter than the vendor's own times, so that many windows fit into a minute. The grace must be longer than a pull. */
const TIMES = { windowMs: 6_000, longPollMs: 1_500, graceMs: 12_000 };
const PREFIX = "chaos";

export async function openStage({ workers, events, dice, say }: StageOptions) {
  const redis = await startTestServer({ durable: true });
  const toRedis = await startProxy(new URL(redis.url));
  const { windowMs, longPollMs, graceMs } = TIMES;
  const world = await openTencentWorld({
    redis: { url: toRedis.url.href, prefix: PREFIX },
    windowMs,
    longPollMs,
    historyLimit: events,
  });
  const toVendor = await startProxy(new URL(world.simulator.url));
  const env = {
    TENCENT_VOD_ENDPOINT: toVendor.url.origin,
    TENCENT_VOD_MAX_QPS: "1000",
    CONFIRM_GRACE_MS: String(graceMs),
    BACKOFF_MS: "200",
    TEST_LIMITS: JSON.stringify(LIMITS),
  };
  const incidents: Incident[] = [];
  const deaths: string[] = [];
  const living = new Set<WorkerProcess>();
  const closing = new AbortController();
  const supervised = Array.from({ length: workers }, () => supervise());

  return {
    world,
    redis,
    toRedis,
    toVendor,
    keys: createKeys(PREFIX).keysOf("tencent-vod"),
    incidents,
    /** Workers that ended unexpectedly. */
    deaths,
    living: (): readonly WorkerProcess[] => [...living],
    /** Records an incident that begins now. Call `over` when it has ended. */
    note,
    async close(): Promise<void> {
      closing.abort();
      await world.close();
      await Promise.all(supervised);
      await Promise.all([toRedis.close(), toVendor.close()]);
      await redis.close();
    },
  };

  function note(what: string, pid?: number): { over(): void } {
    const at = Date.now();
    const incident: Incident = { what, at, until: at, ...(pid !== undefined && { pid }) };
    incidents.push(incident);
    const whom = pid === undefined ? "" : ` (${pid})`;
    say(`${what}${whom}`);
    return {
      over() {
        incident.until = Date.now();
        say(`  over: ${what}${whom}`);
      },
    };
  }

  /** A worker that cannot reach Redis at its start exits, and is started again. */
  async function supervise(): Promise<void> {
    while (!closing.signal.aborted) {
      const worker = await world.start(env).catch(() => undefined);
      if (worker) await watch(worker);
      await sleep(dice.below(2_000), closing.signal);
    }
  }

  async function watch(worker: WorkerProcess): Promise<void> {
    living.add(worker);
    const { code, signal } = await worker.exited;
    living.delete(worker);
    const isMeant = signal === "SIGKILL" || incidents.some(({ what, pid }) => what === STOPPED && pid === worker.pid);
    if (closing.signal.aborted || (isMeant && (code === null || code === 0))) return;
    deaths.push(`worker ${worker.pid} ended by itself (${code ?? signal}): ${worker.text().slice(-2_000)}`);
  }
}

export const STOPPED = "a worker is stopped in order";
