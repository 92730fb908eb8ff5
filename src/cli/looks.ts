import type { Redis } from "ioredis";
import { pino } from "pino";
import { connect } from "../queue/connection.ts";
import type { RedisPlace } from "../settings/redis-url.ts";

/** The connections of a command that only reads the worker's Redis. `name`: of the command. */
export function createLooks(name: string) {
  const log = pino({ level: "silent" });
  const opened: Redis[] = [];
  return {
    open: (place: RedisPlace): Redis => {
      const redis = connect({ place, name: `reliable-callback-${name}`, log, use: "look" });
      opened.push(redis);
      return redis;
    },
    close: (): void => opened.forEach((redis) => redis.disconnect()),
  };
}
