/** The vendor in its own process. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AwsSqsDoor } from "../../src/simulators/aws-sqs/door.ts";
import { startFleet } from "../../src/simulators/fleet.ts";
import { type EventBody, inTurn } from "../../src/simulators/kit/door.ts";
import type { Stats } from "../../src/simulators/kit/register.ts";
import type { TencentVodDoor } from "../../src/simulators/tencent-vod/door.ts";
import { segmentsOf } from "../kit/bodies.ts";
import { quantilesOf } from "../kit/numbers.ts";
import { publishEvenly } from "../kit/pace.ts";
import type { Aged, CallCounts, Seen, VendorEnv } from "../kit/replies.ts";
import { now, type Routes, serve, startCost } from "../kit/serve.ts";
import { Ages } from "./ages.ts";

const Start = z.object({
  door: z.enum(["tencent-vod", "aws-sqs"]).default("tencent-vod"),
  windowMs: z.number(),
  historyLimit: z.number(),
  callMs: z.number().default(0),
  callsPerSecond: z.number().default(0),
  subAppIds: z.array(z.number()).default([]),
});
/** One event in `oddEvery` is odd, and carries this many more bytes. Nobody waits for odd events. */
const Mix = z.object({ oddEvery: z.number().default(0), oddBytes: z.number().default(0) });
const Odd = Mix.extend({ count: z.number() });
const Pace = Mix.extend({ perSecond: z.number(), seconds: z.number() }).transform(({ seconds, ...pace }) => ({
  ...pace,
  count: pace.perSecond * seconds,
}));
const LOOK_MS = 10;
const AGES_MS = 100;
const FINE = new Set(["ok", "ResourceNotFound"]);
/** The vendors' names for pull and confirm calls. */
const ACTIONS = { pulls: ["PullEvents", "ReceiveMessage"], confirms: ["ConfirmEvents", "DeleteMessageBatch"] };

let door: TencentVodDoor | AwsSqsDoor | undefined;
let publish = (body: EventBody): string => opened().publish(body);
let lastId = "";
const odd = new Set<string>();
let cost = startCost();
/** The earlier events and calls that the counts leave out. */
let forgotten: { readonly after?: string; readonly stats?: Stats } = {};

const routes: Routes = {
  async start(input): Promise<VendorEnv> {
    const { door: name, callMs, ...account } = Start.parse(input);
    const { doors, env } = await startFleet(name === "aws-sqs" ? { [name]: {} } : { [name]: { seed: 1, ...account } });
    door = doors["aws-sqs"] ?? doors["tencent-vod"];
    const { "tencent-vod": tencent } = doors;
    if (tencent && account.subAppIds.length > 0) {
      const next = inTurn(account.subAppIds);
      publish = (body) => tencent.simulator.publishBody(body, { subAppId: next() })[0] ?? "";
    }
    if (callMs > 0) door?.simulator.faults.inject({ kind: "latency", ms: callMs, probability: 1 });
    return env;
  },
  publish(input) {
    for (let left = z.number().parse(input); left > 0; left -= 1) publishNext();
  },
  publishOdd(input) {
    const { count, ...mix } = Odd.parse(input);
    for (let n = 1; n <= count; n += 1) publishNth(n, mix);
  },
  /** Resolves when the odd events are confirmed too. */
  async oddConfirmed() {
    while (running().stats().unconfirmed > 0) await sleep(LOOK_MS);
  },
  delivered: () => since(({ delivered }) => delivered),
  async pace(input) {
    const pace = Pace.parse(input);
    await publishEvenly(pace, (n) => publishNth(n + 1, pace));
  },
  /** Publishes far more events than the record holds. Their ages are read continuously until the last is confirmed. */
  async paceAged(input): Promise<Aged> {
    const ages = new Ages();
    const look = (): void => ages.look((id) => running().find(id)?.confirmedAt, Date.now());
    const looking = setInterval(look, AGES_MS);
    await publishEvenly(Pace.parse(input), () => {
      publishNext();
      ages.published({ id: lastId, publishedAt: Date.now() });
    });
    const unconfirmedAtEnd = openOnes();
    while (openOnes() > 0) await sleep(LOOK_MS);
    clearInterval(looking);
    look();
    const { oldestMs, confirmedAfterMs } = ages.found();
    return { oldestMs, confirmedAfterMs: quantilesOf(confirmedAfterMs), unconfirmedAtEnd, ...calls() };
  },
  forget() {
    forgotten = { after: lastId, stats: running().stats() };
  },
  /** The vendor's cost counts from now on. */
  startCost() {
    cost = startCost();
  },
  cost: () => cost(),
  calls,
  async allConfirmed() {
    while (openOnes() > 0) await sleep(LOOK_MS);
    return seen();
  },
};

serve(routes, () => door?.simulator.stats().published ?? 0);

function opened(): TencentVodDoor | AwsSqsDoor {
  if (!door) throw new Error("the simulator was not started");
  return door;
}

function running() {
  return opened().simulator;
}

function publishNth(n: number, { oddEvery, oddBytes }: z.infer<typeof Mix>): void {
  const isOdd = oddEvery > 0 && n % oddEvery === 0;
  if (!isOdd) return publishNext();
  publishNext({ Odd: true, ...(oddBytes > 0 && { Segments: segmentsOf(oddBytes) }) });
  odd.add(lastId);
}

/** The event carries its publishing time, so that its handler can compute its age. */
function publishNext(more: Readonly<Record<string, unknown>> = {}): void {
  lastId = publish({ ...opened().sample(), SentAt: now(), ...more });
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
    pulls: since(({ calls: all }) => sumOf(all, ACTIONS.pulls)),
    confirms: since(({ calls: all }) => sumOf(all, ACTIONS.confirms)),
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

function sumOf(all: Readonly<Record<string, number>>, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (all[name] ?? 0), 0);
}
