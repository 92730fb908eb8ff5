/** The questions to the process with the proxies. */
import { z } from "zod";

export const Place = z.object({ port: z.number() });

export const Silence = Place.extend({
  /** Everybody, only replicas and sentinels, only the clients that are connected now, or a replica by its port. */
  who: z.union([z.enum(["all", "peers", "connected"]), z.number()]),
});

export const Slow = z.object({ ms: z.number() });
