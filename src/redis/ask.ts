import { connect } from "node:net";

/**
 * Finds out who answers at a port, by a password that only one server knows.
 * - `nobody`: the connection is refused
 * - `stranger`: another program has the port
 * - `silent`: a program listens and does not answer
 * - `ours`: the server took the password. `reply` is its answer to the command, empty if it closed the connection.
 */
export type Answer =
  | { readonly who: "nobody" | "stranger" | "silent" }
  | { readonly who: "ours"; readonly reply: string };

export type Address = { readonly port: number; readonly password: string };

const PATIENCE_MS = 1000;

/** One command to a Redis on this machine, without a client library. */
export function ask({ port, password }: Address, command: "PING" | "SHUTDOWN"): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const timer = setTimeout(() => finish({ who: "silent" }), PATIENCE_MS);
    let text = "";
    let connected = false;

    socket.on("connect", () => {
      connected = true;
      socket.write(`AUTH ${password}\r\n${command}\r\n`);
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (!text.startsWith("+OK\r\n".slice(0, text.length))) return finish({ who: "stranger" });
      if (text.indexOf("\r\n", 5) > 0) finish(understood());
    });
    socket.on("error", () => finish(connected ? understood() : { who: "nobody" }));
    socket.on("close", () => finish(understood()));

    function understood(): Answer {
      return text.startsWith("+OK\r\n") ? { who: "ours", reply: text.slice(5).trim() } : { who: "stranger" };
    }

    function finish(answer: Answer): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    }
  });
}

/** The form that every Redis client reads. */
export function urlOf({ port, password }: Address): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}
