/** The network between workers, servers and sentinels. All of them reach a Redis through a proxy, which may fail. */
import { z } from "zod";
import { Part } from "../../../bench/kit/part.ts";
import type { Silence } from "./proxy-words.ts";

export type Network = Awaited<ReturnType<typeof openNetwork>>;

const Done = z.literal(true);

export async function openNetwork(signal: AbortSignal) {
  const part = new Part(new URL("./proxies.ts", import.meta.url), {}, signal);

  return {
    /** Resolves with the port of a new proxy before the Redis at `port`. */
    announce: (port: number) => part.ask("open", { port }, z.number()),
    /** Passes no bytes to or from this Redis any more. The connections stay open. */
    silence: (port: number, who: z.infer<typeof Silence>["who"]) => part.ask("silence", { port, who }, Done),
    /** Delivers what was held back, and passes bytes again. */
    speak: (port: number) => part.ask("speak", { port }, Done),
    /** Each answer of each Redis takes so much longer. */
    slowDown: (ms: number) => part.ask("slow", { ms }, Done),
    close: () => part.end(),
  };
}
