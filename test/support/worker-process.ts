import { atEnd } from "./at-end.ts";
import type { FleetOptions } from "../../src/simulators/fleet.ts";
import type { TencentVodOptions } from "../../src/simulators/tencent-vod/door.ts";
import { type StartOptions, startWorkerProcess } from "./process.ts";
import { sharedRedis } from "./redis.ts";
import { type Keyspace, openTencentWorld, openWorld, type WorldOptions } from "./world.ts";

/** A world of these doors that is gone after the test. Unless it is given a Redis, it has keys of its own in the shared one. */
export async function setupDoors<const O extends FleetOptions>(
  doors: O,
  { redis = sharedRedis(), suffix }: Partial<Omit<WorldOptions<O>, "doors">> = {},
) {
  const world = await openWorld({ redis, doors, suffix });
  atEnd(() => world.close());
  return world;
}

/** The same with an account of Tencent VOD's. */
export async function setupWorld({ redis = sharedRedis(), ...account }: SetupOptions = {}) {
  const world = await openTencentWorld({ redis, ...account });
  atEnd(() => world.close());
  return world;
}

type SetupOptions = TencentVodOptions & { readonly redis?: Keyspace };

/** A process that is killed after the test if it still lives. */
export function launch(options: Omit<StartOptions, "onSpawn">) {
  return startWorkerProcess({ ...options, onSpawn: (end) => atEnd(end) });
}
