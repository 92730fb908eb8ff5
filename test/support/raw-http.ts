/** HTTP by hand: what no client of ours would send, byte by byte, and what comes back. */
import { connect, type Socket } from "node:net";

export type Talk = {
  /** Status of each answer in order, interim ones apart. */
  readonly statuses: readonly number[];
  readonly text: string;
};

type How = {
  /** Into how many pieces the bytes fall. */
  readonly pieces?: number;
  /** Hang up when all is sent, whatever comes. */
  readonly cut?: boolean;
  /** Give up when nothing has come for as long. */
  readonly quietMs?: number;
};

/** Sends these bytes, as far as the server takes them, and listens until it hangs up or is quiet. */
export async function talk(port: number, bytes: Uint8Array, how: How = {}): Promise<Talk> {
  const { pieces = 1, cut = false, quietMs = 5_000 } = how;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const received: Buffer[] = [];
  const closed = Promise.withResolvers<void>();
  // A reset is as good an end as any.
  socket.on("error", () => {}).on("close", () => closed.resolve());
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  socket.setTimeout(quietMs, () => socket.destroy());
  const length = Math.max(Math.ceil(bytes.length / Math.max(pieces, 1)), 1);
  for (let at = 0; at < bytes.length; at += length) await write(socket, bytes.subarray(at, at + length));
  if (cut) socket.resetAndDestroy();
  await closed.promise;
  const text = Buffer.concat(received).toString("latin1");
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { statuses: statuses.filter((status) => status >= 200), text };
}

async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  const done = Promise.withResolvers<void>();
  socket.once("close", done.resolve);
  if (socket.writable) socket.write(bytes, () => done.resolve());
  else done.resolve();
  await done.promise;
  socket.off("close", done.resolve);
}
