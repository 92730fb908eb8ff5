import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSocketServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { ForgedError } from "../../../src/core/errors.ts";
import type { PushedEvent } from "../../../src/core/receiver.ts";
import { createZegoReceiver } from "../../../src/vendors/zegocloud/push/receiver.ts";
import { SECRET } from "../../vendors/zegocloud/push/calls.ts";

export type Arrival = {
  /** Of the monotonic clock, in ms. */
  readonly at: number;
  readonly body: string;
  readonly type: string;
  /** What the receiver made of it. */
  readonly events: readonly PushedEvent[] | "forged";
};

/** A server that has the receiver behind it, and answers as it is told: first with `answers`, then with 200, or 401. */
export async function startTarget(answers: readonly number[] = []) {
  const receiver = createZegoReceiver({ secrets: [SECRET] });
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const events = read(body);
      const told = answers[arrivals.length];
      arrivals.push({
        at: performance.now(),
        body: body.toString(),
        type: request.headers["content-type"] ?? "",
        events,
      });
      response.writeHead(told ?? (events === "forged" ? 401 : 200)).end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the target has no port");
  return { url: `http://127.0.0.1:${address.port}/callbacks/zegocloud`, arrivals };

  function read(body: Uint8Array): Arrival["events"] {
    try {
      return receiver.receive({ headers: {}, body });
    } catch (err) {
      if (err instanceof ForgedError) return "forged";
      throw err;
    }
  }
}

/** Takes calls and never answers. */
export async function startDeafServer() {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}/` };
}
