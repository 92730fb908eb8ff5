import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { z } from "zod";
import {
  createVodClient,
  type VodClientOptions,
  type VodParams,
} from "../../../../src/vendors/tencent-vod/pull/client.ts";
import type { Action } from "../../../../src/vendors/tencent-vod/pull/error-codes.ts";
import { KEYS } from "./simulated.ts";
import { atEnd } from "../../../support/at-end.ts";

/** A vendor that answers whatever a test wants to see answered; gone when the test is. */
export async function scriptedApi(
  listener: RequestListener,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(listener);
  return { url: await listenForTest(server), server };
}

/** A client of such a vendor. */
export async function scriptedClient(listener: RequestListener, options: Partial<VodClientOptions> = {}) {
  const { url, server } = await scriptedApi(listener);
  const client = createVodClient({ ...KEYS, endpoint: url, ...options });
  atEnd(client.close);
  const reply = z.object({ EventSet: z.array(z.unknown()).optional() });
  const call = (action: Action, params: VodParams = {}, signal?: AbortSignal) =>
    client.request(action, params, reply, signal);
  return { server, url, client, call };
}

export async function listenForTest(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** An answer of the API, as JSON. */
export function response(members: object): string {
  return JSON.stringify({ Response: { ...members, RequestId: "request-1" } });
}

export function refusal(Code: string, Message: string): string {
  return response({ Error: { Code, Message } });
}

export function emptyAnswer(_: IncomingMessage, answer: ServerResponse): void {
  answer.end(response({}));
}
