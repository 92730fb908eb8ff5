/** A process of its own with a proxy before each Redis, so that what else the test does delays no packet. */
import type { z } from "zod";
import { serve } from "../../../bench/kit/serve.ts";
import { type Pair, startProxy } from "../../support/proxy.ts";
import { Place, Silence, Slow } from "./proxy-words.ts";

type Proxy = Awaited<ReturnType<typeof startProxy>>;

/** By the port on which each listens. */
const proxies = new Map<number, Proxy>();

serve({
  async open(input) {
    const { port } = Place.parse(input);
    const proxy = await startProxy(new URL(`redis://127.0.0.1:${port}`));
    const listens = Number(proxy.url.port);
    proxies.set(listens, proxy);
    return listens;
  },

  silence(input) {
    const { port, who } = Silence.parse(input);
    const proxy = proxyAt(port);
    proxy.fallSilent(whichOf(who, proxy.open()));
    return true;
  },

  slow(input) {
    const { ms } = Slow.parse(input);
    for (const proxy of proxies.values()) proxy.slowDown(ms);
    return true;
  },

  speak(input) {
    proxyAt(Place.parse(input).port).speak();
    return true;
  },
});

function proxyAt(port: number): Proxy {
  const proxy = proxies.get(port);
  if (!proxy) throw new Error(`no proxy listens on ${port}`);
  return proxy;
}

function whichOf(who: z.infer<typeof Silence>["who"], open: readonly Pair[]): (pair: Pair) => boolean {
  if (who === "all") return () => true;
  if (who === "peers") return ({ isPeer }) => isPeer;
  if (typeof who === "number") return ({ replica }) => replica === who;
  const known = new Set(open.filter(({ isPeer }) => !isPeer));
  return (pair) => known.has(pair);
}
