/** The vendor, in a process of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startFleet } from "../../src/simulators/fleet.ts";
import type { TencentVodDoor } from "../../src/simulators/tencent-vod/door.ts";
import type { Simulator } from "../../src/simulators/tencent-vod/server.ts";
import { quantilesOf } from "../kit/numbers.ts";
import type { CallCounts, Seen, VendorEnv } from "../kit/replies.ts";
import { now, serve, startCost } from "../kit/serve.ts";

const Start = z.object({
  windowMs: z.number(),
  historyLimit: z.number(),
  callMs: z.number().default(0),
  callsPerSecond: z.number().default(0),
});
const Odd = z.object({ count: z.number(), oddEvery: z.number() });
const Pace = z.object({ perSecond: z.number(), seconds: z.number() });
const LOOK_MS = 10;
const FINE = new Set(["ok", "ResourceNotFound"]);

type Stats = ReturnType<Simulator["stats"]>;

let door: TencentVodDoor | undefined;
let lastId = "";
const odd = new Set<string>();
let cost = startCost();
/** What is left out of the account of what was seen. */
let forgotten: { readonly after?: string; readonly stats?: Stats } = {};

serve({
  async start(input): Promise<VendorEnv> {
    const { callMs, ...account } = Start.parse(input);
    const { doors, env } = await startFleet({ "tencent-vod": { seed: 1, ...account } });
    door = doors["tencent-vod"];
    if (callMs > 0) door.simulator.faults.inject({ kind: "latency", ms: callMs, probability: 1 });
    return env;
  },
  publish(input) {
    for (let left = z.number().parse(input); left > 0; left -= 1) publishNext();
  },
  /** One in so many is odd: nobody waits for these. */
  publishOdd(input) {
    const { count, oddEvery } = Odd.parse(input);
    for (let n = 1; n <= count; n += 1) {
      const isOdd = oddEvery > 0 && n % oddEvery === 0;
      publishNext(isOdd ? { Odd: true } : {});
      if (isOdd) odd.add(lastId);
    }
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
  /** From when on its cost counts. */
  startCost() {
    cost = startCost();
  },
  cost: () => cost(),
  calls,
  async allConfirmed() {
    while (openOnes() > 0) await sleep(LOOK_MS);
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
function publishNext(more: Readonly<Record<string, unknown>> = {}): void {
  lastId = opened().publish({ ...opened().sample(), SentAt: now(), ...more });
}

function openOnes(): number {
  const open = running().stats().unconfirmed;
  if (open > odd.size) return open - odd.size;
  return open - [...odd].filter((id) => running().find(id)?.confirmedAt === undefined).length;
}

function since(count: (of: Stats) => number): number {
  return count(running().stats()) - (forgotten.stats ? count(forgotten.stats) : 0);
}

function calls(): CallCounts {
  return {
    pulls: since(({ calls: all }) => all["PullEvents"] ?? 0),
    confirms: since(({ calls: all }) => all["ConfirmEvents"] ?? 0),
  };
}

function seen(): Seen {
  const { after } = forgotten;
  const history = running()
    .history({ after })
    .filter(({ id }) => !odd.has(id));
  const first = Math.min(...history.flatMap(({ deliveries }) => deliveries[0]?.at ?? []));
  const last = Math.max(...history.map(({ confirmedAt = NaN }) => confirmedAt));
  return {
    seconds: (last - first) / 1_000,
    ...calls(),
    delivered: since(({ delivered }) => delivered),
    failedCalls: since(failuresIn),
    confirmedAfterMs: quantilesOf(history.map(({ publishedAt, confirmedAt = NaN }) => confirmedAt - publishedAt)),
  };
}

function failuresIn({ outcomes }: Stats): number {
  return Object.entries(outcomes).reduce((sum, [outcome, count]) => (FINE.has(outcome) ? sum : sum + count), 0);
}
