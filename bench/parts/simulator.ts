/** The vendor, in a process of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startFleet } from "../../src/simulators/fleet.ts";
import type { TencentVodDoor } from "../../src/simulators/tencent-vod/door.ts";
import type { Simulator } from "../../src/simulators/tencent-vod/server.ts";
import { quantilesOf } from "../numbers.ts";
import type { Seen, VendorEnv } from "../replies.ts";
import { now, serve } from "../serve.ts";

const Start = z.object({ windowMs: z.number(), historyLimit: z.number() });
const Pace = z.object({ perSecond: z.number(), seconds: z.number() });
const LOOK_MS = 10;
const FINE = new Set(["ok", "ResourceNotFound"]);

type Stats = ReturnType<Simulator["stats"]>;

let door: TencentVodDoor | undefined;
let lastId = "";
/** What is left out of the account of what was seen. */
let forgotten: { readonly after?: string; readonly stats?: Stats } = {};

serve({
  async start(input): Promise<VendorEnv> {
    const { doors, env } = await startFleet({ "tencent-vod": { seed: 1, callsPerSecond: 0, ...Start.parse(input) } });
    door = doors["tencent-vod"];
    return env;
  },
  publish(input) {
    for (let left = z.number().parse(input); left > 0; left -= 1) publishNext();
  },
  /** At an even pace; what a busy machine kept back is made up for at once. */
  async pace(input) {
    const { perSecond, seconds } = Pace.parse(input);
    const started = now();
    for (let sent = 0; sent < perSecond * seconds;) {
      const due = Math.min(perSecond * seconds, ((now() - started) / 1_000) * perSecond);
      for (; sent < due; sent += 1) publishNext();
      await sleep(1_000 / perSecond);
    }
  },
  forget() {
    forgotten = { after: lastId, stats: running().stats() };
  },
  async allConfirmed() {
    while (running().stats().unconfirmed > 0) await sleep(LOOK_MS);
    return seen();
  },
});

function opened(): TencentVodDoor {
  if (!door) throw new Error("the simulator was not started");
  return door;
}

function running(): Simulator {
  return opened().simulator;
}

/** The time is one more field, so that a handler knows how long the event was under way. */
function publishNext(): void {
  lastId = opened().publish({ ...opened().sample(), SentAt: now() });
}

function seen(): Seen {
  const stats = running().stats();
  const { after, stats: before } = forgotten;
  const since = (count: (of: Stats) => number): number => count(stats) - (before ? count(before) : 0);
  const history = running().history({ after });
  const first = Math.min(...history.flatMap(({ deliveries }) => deliveries[0]?.at ?? []));
  const last = Math.max(...history.map(({ confirmedAt = NaN }) => confirmedAt));
  return {
    seconds: (last - first) / 1_000,
    pulls: since(({ calls }) => calls["PullEvents"] ?? 0),
    confirms: since(({ calls }) => calls["ConfirmEvents"] ?? 0),
    delivered: since(({ delivered }) => delivered),
    failedCalls: since(failuresIn),
    confirmedAfterMs: quantilesOf(history.map(({ publishedAt, confirmedAt = NaN }) => confirmedAt - publishedAt)),
  };
}

function failuresIn({ outcomes }: Stats): number {
  return Object.entries(outcomes).reduce((sum, [outcome, count]) => (FINE.has(outcome) ? sum : sum + count), 0);
}
