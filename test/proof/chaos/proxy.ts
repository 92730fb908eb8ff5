/** A TCP proxy that can fall silent with its connections open, as a network does that loses every packet. */
import { connect, createServer, type Socket } from "node:net";

type Pair = { readonly near: Socket; readonly far: Socket };

/** On the same address, at a port of its own. */
export async function startProxy(target: URL) {
  const pairs = new Set<Pair>();
  let silent = false;
  const server = createServer((near) => {
    const pair = { near, far: connect(Number(target.port), target.hostname) };
    pairs.add(pair);
    link(pair, pair.near, pair.far);
    link(pair, pair.far, pair.near);
    if (silent) hush(pair);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(target);
  url.port = String(typeof address === "object" && address ? address.port : "");

  function link(pair: Pair, from: Socket, to: Socket): void {
    from.on("data", (chunk) => void to.write(chunk));
    from.on("error", () => {});
    from.on("close", () => !silent && end(pair));
  }

  function end(pair: Pair): void {
    pair.near.destroy();
    pair.far.destroy();
    pairs.delete(pair);
  }

  return {
    url,
    /** From now on nothing gets through, in either direction, and nothing is closed. */
    fallSilent(): void {
      silent = true;
      pairs.forEach(hush);
    },
    /** What was held back arrives late. */
    speak(): void {
      silent = false;
      for (const pair of pairs) {
        if (pair.near.destroyed || pair.far.destroyed) end(pair);
        pair.near.resume();
        pair.far.resume();
      }
    },
    /** What was held back is lost. */
    cut(): void {
      silent = false;
      pairs.forEach(end);
    },
    async close(): Promise<void> {
      pairs.forEach(end);
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function hush({ near, far }: Pair): void {
  near.pause();
  far.pause();
}
