import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export type Received = { readonly headers: Record<string, string>; readonly method: string; readonly body: string };

/** A receiver of forwarded events on this machine, closed after the test. */
export async function startReceiver(answer: RequestListener) {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void (async () => {
      received.push(await read(request));
      answer(request, response);
    })();
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  const origin = `http://127.0.0.1:${address.port}`;
  return { origin, url: `${origin}/events?key=in-the-url`, received, connections: () => sockets.size, close };
}

async function read(request: IncomingMessage): Promise<Received> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return { headers: Object.fromEntries(headers), method: request.method ?? "", body: await text(request) };
}
