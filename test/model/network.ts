import { VendorError } from "../../src/core/errors.ts";
import { settledBefore, sleep } from "../../src/core/sleep.ts";
import type { Pulled, Source } from "../../src/core/types.ts";
import { settled, type Link } from "./link.ts";
import type { VendorCall } from "./schedule.ts";
import { never, SOURCE, type World } from "./world.ts";

const MOST_MS = 300;
/** How long a call may take before it is given up. A confirmation has taken effect by then, or never will. */
const PATIENCE_MS = { pull: 10_000, confirm: 5_000 };
/** A process that stood still reads an answer long after it came. */
const LATEST_MS = { pull: 60_000, confirm: 4_000 };

/** The vendor as one replica sees it: over a network that loses what it likes. */
export function sourceOver(link: Link, world: World): Source {
  const { vendor, dice, vendorIs } = world;

  return {
    ...SOURCE,
    async pull(signal) {
      const pulling = call(
        "pull",
        () => deliver(),
        () => ({ deliveries: [], waited: false }),
      );
      if (!signal || (await settledBefore(pulling, signal))) return await pulling;
      pulling.catch(() => {});
      throw signal.reason;
    },
    confirm: (receipts) => call("confirm", async () => vendor.confirm(receipts)),
    check: async () => [],
    close: () => {},
  };

  async function deliver(): Promise<Pulled> {
    const pulled = await vendor.pull();
    const told = pulled.deliveries.map(({ receipt, body }) => `${String(body["body"])} as ${receipt}`);
    if (told.length > 0) world.trace(`${link.name} is sent ${told.join(", ")}`);
    return pulled;
  }

  async function call<T>(name: VendorCall, effect: () => Promise<T>, nothing?: () => T): Promise<T> {
    if (link.dead) return await never();
    const mishap = world.mishap(name);
    const fate = mishap?.fate;
    if (fate === "crash before") {
      link.die(`before ${name}`);
      return await never();
    }
    const began = performance.now();
    const givenUp = async (why: string): Promise<T> => {
      world.trace(`${link.name} ${name}: ${why}`);
      // Broken off now, or never answered.
      const ms = dice.chance(50) ? 0 : PATIENCE_MS[name] - (performance.now() - began);
      await sleep(ms);
      return link.dead ? await never() : Promise.reject(new VendorError("outage", why));
    };
    const slowMs = mishap?.fate === "slow" ? mishap.ms % LATEST_MS[name] : 0;
    await sleep(dice.below(MOST_MS) + (name === "confirm" ? slowMs / 2 : 0));
    if (fate === "limit" || began < vendorIs.limit)
      return link.dead ? await never() : Promise.reject(new VendorError("limit", "too many calls"));
    if (fate === "lost" || (performance.now() < vendorIs.outage && dice.chance(70)))
      return await givenUp("lost on its way there");
    const answer = await settled(fate === "empty" && nothing ? Promise.resolve(nothing()) : effect());
    if (fate === "crash after") link.die(`after ${name}`);
    if (fate === "unheard" || performance.now() < vendorIs.outage) return await givenUp("its answer was lost");
    await sleep(dice.below(MOST_MS) + (name === "confirm" ? slowMs / 2 : slowMs));
    return link.dead ? await never() : answer();
  }
}
