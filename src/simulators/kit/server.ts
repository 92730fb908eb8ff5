/** A server for a simulated vendor. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export type Listening = {
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
};

type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** `url` is `http://127.0.0.1:PORT`. Closing cuts the calls that are held. */
export async function startServer(
  { port = 0, host = "127.0.0.1" }: Listening,
  serve: Serve,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep connections: closing one at the moment of its use would look like a dropped call.
  server.keepAliveTimeout = 120_000;
  const url = await listen(server, port, host);
  let closed: Promise<void> | undefined;
  return { url, close: () => (closed ??= stop(server)) };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await serve(request, response, new URL(request.url ?? "/", "http://simulator"));
  }
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
      resolve(`http://${name.includes(":") ? `[${name}]` : name}:${bound}`);
    });
  });
}

async function stop(server: Server): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await stopped;
}
