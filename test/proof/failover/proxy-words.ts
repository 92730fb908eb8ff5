/** The questions to the process with the proxies. */
import { z } from "zod";

export const Place = z.object({ port: z.number() });

export const Silence = Place.extend({
  /** Everybody, only replicas and sentinels, or only the clients that are connected now. */
  who: z.enum(["all", "peers", "connected"]),
});

export const Slow = z.object({ ms: z.number() });
