/** A TCP proxy that can go silent and keep its connections open, like a network that drops every packet, or be slow. */
import { connect, createServer, type Socket } from "node:net";

export type Pair = {
  /** Counts connections from 1, in the order of opening. */
  readonly number: number;
  /** True if a worker waits for jobs on this connection. */
  readonly waits: boolean;
  /** True if a replica or a sentinel uses it. Only known once it has said so. */
  readonly isPeer: boolean;
  /** The announced port of the replica that uses it. */
  readonly replica: number | undefined;
};

type Linked = Pair & {
  readonly near: Socket;
  readonly far: Socket;
  waits: boolean;
  isPeer: boolean;
  replica: number | undefined;
  /** Answers that are under way, the oldest first. */
  readonly late: { readonly at: number; readonly chunk: Buffer }[];
};

/** Listens on the target's address, on its own port. */
export async function startProxy(target: URL) {
  const pairs = new Set<Linked>();
  let opened = 0;
  let isSilent: (pair: Pair) => boolean = none;
  let delayMs = 0;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair: Linked = { number: ++opened, waits: false, isPeer: false, replica: undefined, near, far, late: [] };
    pairs.add(pair);
    near.on("data", (chunk) => {
      const said = pair.waits || pair.isPeer ? "" : chunk.toString("latin1");
      if (/bzpopmin/i.test(said)) pair.waits = true;
      if (/replconf|sentinel-/i.test(said)) pair.isPeer = true;
      const [, port] = /listening-port\r\n\$\d+\r\n(\d+)/i.exec(said) ?? [];
      if (port !== undefined) pair.replica = Number(port);
      if (isSilent(pair)) {
        hush(pair);
        near.unshift(chunk);
      } else pair.far.write(chunk);
    });
    pair.far.on("data", (chunk) => {
      const isLate = delayMs > 0 || pair.late.length > 0;
      if (isLate) pair.late.push({ at: performance.now() + delayMs, chunk });
      else near.write(chunk);
      if (pair.late.length === 1) setTimeout(deliver, delayMs, pair);
    });
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

  /** In order, even if the delay has changed. */
  function deliver(pair: Linked): void {
    if (isSilent(pair)) return;
    for (let next = pair.late[0]; next && next.at <= performance.now() + 1; next = pair.late[0]) {
      pair.near.write(next.chunk);
      pair.late.shift();
    }
    const [next] = pair.late;
    if (next) setTimeout(deliver, Math.max(0, next.at - performance.now()), pair);
  }

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
    /** From now on each answer takes so much longer. */
    slowDown(ms: number): void {
      delayMs = ms;
    },
    /** Delivers the bytes that were held back, and passes bytes again. */
    speak(): void {
      isSilent = none;
      for (const pair of pairs) {
        if (pair.near.destroyed || pair.far.destroyed) end(pair);
        if (pair.late.length > 0) deliver(pair);
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
