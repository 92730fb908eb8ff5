import type { Trouble } from "./schedule.ts";
import type { World } from "./world.ts";

/**
 * A pull that was under way during a confirmation may bring the event this much later. The age of such a delivery is
 * visible only on a clock that did not jump.
 */
const UNDER_WAY_MS = { emptied: 20_000, "clock jumped": 75_000 };

/** Makes one trouble of a schedule happen now. */
export async function suffer(trouble: Trouble, world: World): Promise<void> {
  const { replicas, store, trace } = world;
  trace(JSON.stringify(trouble));
  switch (trouble.what) {
    case "crash":
      return pick(replicas, trouble.replica)?.link.die("crashed");
    case "stop":
      return await pick(replicas, trouble.replica)?.stop();
    case "restart":
      return world.storeGoes(trouble.ms);
    case "outage":
    case "limit":
    case "hasty":
      return void (world.vendorIs[trouble.what] = performance.now() + trouble.ms);
    case "jump":
      store.jump(trouble.ms);
      return excuseAll("clock jumped", world);
    case "empty":
      await store.empty();
      world.reference.forgot();
      world.steps.excuse();
      return excuseAll("emptied", world);
    default:
      return await operate(trouble, world);
  }
}

/** An operator's action on the pages of any replica. Another replica may be confirming the same event. */
async function operate({ what, nth, replica }: Extract<Trouble, { nth: number }>, world: World): Promise<void> {
  const { replicas, store } = world;
  await world.storeBack();
  const job = pick(await store.idleJobs(), nth);
  if (!job) return;
  world.trace(`operator: ${what} ${job.id}`);
  if (what === "retry") await store.retry(job.id);
  else if (what === "remove") {
    if (await store.remove(job.id)) world.reference.removed(job);
    world.limits.touched(job.id);
  } else
    await pick(replicas, replica)
      ?.[what](job)
      .catch((err: unknown) => world.trace(`the operator reads: ${String(err)}`));
}

/** Excuses a second run of every event that the vendor still has or may still bring. */
function excuseAll(excuse: "clock jumped" | "emptied", { vendor, reference, vendorIs }: World): void {
  const now = performance.now();
  const since = now - UNDER_WAY_MS[excuse];
  // A pull that was sent before can bring events that happen later.
  if (excuse === "clock jumped") vendorIs.askedBefore = now + UNDER_WAY_MS[excuse];
  for (const { fingerprint, goneAt } of vendor.happenings) if (goneAt > since) reference.excuse(fingerprint, excuse);
}

function pick<T>(list: readonly T[], nth: number): T | undefined {
  return list[nth % Math.max(1, list.length)];
}
