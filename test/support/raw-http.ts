/** Sends raw bytes over HTTP that no proper client would send, and reads the answer. */
import { connect, type Socket } from "node:net";

export type Talk = {
  /** The status of each answer, in order, without interim answers. */
  readonly statuses: readonly number[];
  readonly text: string;
};

type How = {
  /** The number of pieces that the bytes are sent in. */
  readonly pieces?: number;
  /** Closes the connection when all is sent, without waiting for an answer. */
  readonly cut?: boolean;
  /** Gives up after this time without any answer. */
  readonly quietMs?: number;
};

/** Sends the bytes, or as many as the server reads. Then listens until the server closes or goes quiet. */
export async function talk(port: number, bytes: Uint8Array, how: How = {}): Promise<Talk> {
  const { pieces = 1, cut = false, quietMs = 5_000 } = how;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const received: Buffer[] = [];
  const closed = Promise.withResolvers<void>();
  // A connection reset also counts as an end.
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
