import { atEnd } from "./at-end.ts";
import type { FleetOptions } from "../../src/simulators/fleet.ts";
import type { TencentVodOptions } from "../../src/simulators/tencent-vod/door.ts";
import { type StartOptions, startWorkerProcess } from "./process.ts";
import { sharedRedis } from "./redis.ts";
import type { Keyspace } from "./noting-workers.ts";
import { openTencentWorld, openWorld, type WorldOptions } from "./world.ts";

/** A world with these doors, closed after the test. Without a given Redis, it uses its own keys in the shared one. */
export async function setupDoors<const O extends FleetOptions>(
  doors: O,
  { redis = sharedRedis(), suffix }: Partial<Omit<WorldOptions<O>, "doors">> = {},
) {
  const world = await openWorld({ redis, doors, suffix });
  atEnd(() => world.close());
  return world;
}

/** A world with one account of Tencent VOD, closed after the test. */
export async function setupWorld({ redis = sharedRedis(), ...account }: SetupOptions = {}) {
  const world = await openTencentWorld({ redis, ...account });
  atEnd(() => world.close());
  return world;
}

type SetupOptions = TencentVodOptions & { readonly redis?: Keyspace };

/** Starts a process. It is killed after the test if it is still alive. */
export function launch(options: Omit<StartOptions, "onSpawn">) {
  return startWorkerProcess({ ...options, onSpawn: (end) => atEnd(end) });
}
