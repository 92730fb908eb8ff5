/** The vendor in a process of its own: it publishes through both doors, counts, and remembers each event. */
import { z } from "zod";
import { publishEvenly } from "../../../bench/kit/pace.ts";
import { serve } from "../../../bench/kit/serve.ts";
import { startFleet } from "../../../src/simulators/fleet.ts";
import { scripted } from "../../support/scripted-events.ts";
import { Publishing, type Pulled, type Pushed, Terms, type VendorCounts } from "./vendor-words.ts";

type Vendor = Awaited<ReturnType<typeof open>>;

let vendor: Vendor | undefined;
const pulledKeys: string[] = [];
const pushes: Promise<Pushed>[] = [];

serve({
  async start(input) {
    vendor = await open(Terms.parse(input));
    return vendor.env;
  },
  callWorkerAt: (input) => opened().callWorkerAt(z.string().parse(input)),
  /** Resolves when all are published. */
  async publish(input) {
    const { handlerMs, ...pace } = Publishing.parse(input);
    await publishEvenly(pace, (n) => publish(n, handlerMs));
  },
  /** Resolves when each event was answered 200 or given up. */
  pushed: () => Promise.all(pushes),
  pulled: (): Pulled[] =>
    opened()
      .pulling.simulator.history({ limit: pulledKeys.length })
      .map(({ state, deliveries, confirmedAt }, n) => ({
        key: pulledKeys[n] ?? "",
        state,
        deliveries: [...deliveries],
        confirmedAt,
      })),
  counts(): VendorCounts {
    const { pulling, pushing } = opened();
    return { pulled: pulling.counts(), pushed: pushing.counts() };
  },
});

async function open({ pauseMs, ...account }: Terms) {
  const { doors, env, callWorkerAt } = await startFleet({
    "tencent-vod": account,
    "tencent-vod-push": { pauseMs },
  });
  return { env, callWorkerAt, pulling: doors["tencent-vod"], pushing: doors["tencent-vod-push"] };
}

function publish(n: number, handlerMs: number): void {
  const { pulling, pushing } = opened();
  const key = `event ${n}`;
  const event = scripted("tencent-vod", { key, script: { ms: handlerMs } });
  if (n % 2 === 0) {
    pulling.publish(event);
    pulledKeys.push(key);
  } else pushes.push(pushing.send(event).then(({ delivered }) => ({ key, isTaken: delivered })));
}

function opened(): Vendor {
  if (!vendor) throw new Error("the vendor was not started");
  return vendor;
}
