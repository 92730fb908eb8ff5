import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { createMnsClient, type MnsClientOptions } from "../../../../src/vendors/alibaba-vod/pull/client.ts";
import { KEYS, QUEUE } from "./simulated.ts";

export const PULL = { count: 16, waitSeconds: 1 };
export const RECEIPT = "1-ODU4OTkzNDU5My0xNDM1MTk3NjAw+LTI/tNg==";

/** A vendor that answers whatever a test wants to see answered, and a client of it; both gone when the test is. */
export async function scripted(listener: RequestListener, options: Partial<MnsClientOptions> = {}) {
  const server = createServer(listener);
  let connected = 0;
  server.on("connection", () => void (connected += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const client = createMnsClient({ ...KEYS, queue: QUEUE, endpoint: url, ...options });
  onTestFinished(client.close);
  return { client, url, close, connections: () => connected };
}
