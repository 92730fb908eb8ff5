import { VendorError } from "../../../src/core/errors.ts";
import { settledBefore, sleep } from "../../../src/core/sleep.ts";
import type { Extended, Pulled, Source } from "../../../src/core/source.ts";
import { settled, type Link } from "./link.ts";
import type { VendorMishap } from "./schedule.ts";
import { never, SOURCE, type World } from "./world.ts";

/** The timeout of each call. A confirmation has taken effect by then, or never will. */
const PATIENCE_MS = { pull: 10_000, confirm: 5_000, extend: 5_000 };
/** A process that stood still may read an answer long after it arrived. */
const LATEST_MS = { pull: 60_000, confirm: 2_000, extend: 2_000 };

/** One replica's view of the vendor, over a network that may lose any message. */
export function sourceOver(link: Link, world: World): Source {
  const { vendor, dice, vendorIs, schedule, trace } = world;

  return {
    ...SOURCE,
    async pull(max, signal) {
      const pulling = pull(max);
      if (signal && !(await settledBefore(pulling, signal))) {
        pulling.catch(() => {});
        throw signal.reason;
      }
      const pulled = await pulling;
      for (const { receipt } of pulled.deliveries) link.brought.add(receipt);
      return pulled;
    },
    confirm,
    ...(schedule.prolongs && { extend }),
    check: async () => [],
    close: () => {},
  };

  async function pull(max: number): Promise<Pulled> {
    if (link.stopping && !link.dead) world.violated(`${link.name} pulls though it stops`);
    const mishap = world.vendorMishap("pull");
    await request("pull", mishap);
    if (mishap?.fate === "empty" || performance.now() < vendorIs.hasty) return { deliveries: [], waited: false };
    const pulled = await vendor.pull(max);
    if (pulled.deliveries.length === 0) return await answer("pull", undefined, () => pulled);
    const told = pulled.deliveries.map(({ receipt, body }) => `${String(body["body"])} as ${receipt}`);
    trace(`${link.name} is sent ${told.join(", ")}`);
    await answer("pull", world.vendorMishap("delivery"), () => pulled);
    return pulled;
  }

  async function confirm(receipts: readonly string[]): Promise<{ readonly refused: readonly string[] }> {
    const mishap = world.vendorMishap("confirm");
    await request("confirm", mishap);
    const outcome = await settled((async () => vendor.confirm(receipts))());
    return await answer("confirm", mishap, outcome);
  }

  async function extend(receipt: string, ms: number): Promise<Extended> {
    const mishap = world.vendorMishap("extend");
    await request("extend", mishap);
    const outcome = await settled((async () => vendor.extend(receipt, ms))());
    trace(`${link.name} prolongs ${receipt}: ${said(outcome)}`);
    return await answer("extend", mishap, outcome);
  }

  /** Resolves when the call has reached the vendor. */
  async function request(name: keyof typeof PATIENCE_MS, mishap: VendorMishap | undefined): Promise<void> {
    if (link.dead) return await never();
    if (mishap?.fate === "crash before") {
      link.die(`before ${name}`);
      return await never();
    }
    const slowMs = mishap?.fate === "slow" ? mishap.ms % LATEST_MS.confirm : 0;
    await sleep(dice.below(schedule.latencyMs) + slowMs);
    if (mishap?.fate === "limit" || performance.now() < vendorIs.limit)
      return await fail(name, new VendorError("limit", "too many calls"));
    if (mishap?.fate === "lost" || (performance.now() < vendorIs.outage && dice.chance(70)))
      return await fail(name, new VendorError("outage", "lost on its way there"));
  }

  async function answer<T>(
    name: keyof typeof PATIENCE_MS,
    mishap: VendorMishap | undefined,
    outcome: () => T,
  ): Promise<T> {
    if (mishap?.fate === "crash after") link.die(`after ${name}`);
    if (mishap?.fate === "unheard" || performance.now() < vendorIs.outage)
      return await fail(name, new VendorError("outage", "its answer was lost"));
    await sleep(dice.below(schedule.latencyMs) + (mishap?.fate === "slow" ? mishap.ms % LATEST_MS[name] : 0));
    return link.dead ? await never() : outcome();
  }

  /** A call without an answer fails at once, or after its timeout. */
  async function fail(name: keyof typeof PATIENCE_MS, error: VendorError): Promise<never> {
    trace(`${link.name} ${name}: ${error.message}`);
    if (error.kind === "outage" && dice.chance(50)) await sleep(PATIENCE_MS[name]);
    if (link.dead) return await never();
    throw error;
  }
}

function said(outcome: () => Extended): string {
  try {
    return outcome().receipt;
  } catch (err) {
    return String(err);
  }
}
