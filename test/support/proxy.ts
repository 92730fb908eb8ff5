/** A TCP proxy that can go silent and keep its connections open, like a network that drops every packet. */
import { connect, createServer, type Socket } from "node:net";

export type Pair = {
  /** Counts connections from 1, in the order of opening. */
  readonly number: number;
  /** True if a worker waits for jobs on this connection. */
  readonly waits: boolean;
};

type Linked = Pair & { readonly near: Socket; readonly far: Socket; waits: boolean };

/** Listens on the target's address, on its own port. */
export async function startProxy(target: URL) {
  const pairs = new Set<Linked>();
  let opened = 0;
  let isSilent: (pair: Pair) => boolean = none;
  const server = createServer((near) => {
    const pair = { number: ++opened, waits: false, near, far: connect(Number(target.port), target.hostname) };
    pairs.add(pair);
    near.on("data", (chunk) => {
      if (!pair.waits && /bzpopmin/i.test(chunk.toString("latin1"))) pair.waits = true;
      if (isSilent(pair)) {
        hush(pair);
        near.unshift(chunk);
      } else pair.far.write(chunk);
    });
    pair.far.on("data", (chunk) => void near.write(chunk));
    for (const socket of [near, pair.far]) {
      socket.on("error", () => {});
      socket.on("close", () => !isSilent(pair) && end(pair));
    }
    if (isSilent(pair)) hush(pair);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(target);
  url.port = String(typeof address === "object" && address ? address.port : "");

  function end(pair: Linked): void {
    pair.near.destroy();
    pair.far.destroy();
    pairs.delete(pair);
  }

  return {
    url,
    opened: () => opened,
    open: (): readonly Pair[] => [...pairs],
    /** From now on these connections pass no bytes in either direction, but stay open. */
    fallSilent(which: (pair: Pair) => boolean = () => true): void {
      isSilent = which;
      for (const pair of pairs) if (isSilent(pair)) hush(pair);
    },
    /** Delivers the bytes that were held back, and passes bytes again. */
    speak(): void {
      isSilent = none;
      for (const pair of pairs) {
        if (pair.near.destroyed || pair.far.destroyed) end(pair);
        pair.near.resume();
        pair.far.resume();
      }
    },
    /** Closes all connections. The bytes that were held back are lost. */
    cut(): void {
      isSilent = none;
      pairs.forEach(end);
    },
    async close(): Promise<void> {
      pairs.forEach(end);
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function none(): boolean {
  return false;
}

function hush({ near, far }: Linked): void {
  near.pause();
  far.pause();
}
