/**
 * One HTTP request and its whole answer, with a deadline. By node:http, since the global fetch knows no proxy of ours and
 * keeps connections that nobody can close.
 */
import * as http from "node:http";
import * as https from "node:https";
import { VendorError } from "../../../core/errors.ts";

type Outgoing = {
  readonly method: string;
  /** Path and query, as they were signed. */
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
};

export type Incoming = { readonly status: number; readonly text: string; readonly date: number };

export type Exchange = {
  /** Rejects with what went wrong, or with the reason of `signal`. */
  readonly send: (outgoing: Outgoing, signal?: AbortSignal) => Promise<Incoming>;
  /** Closes the kept connections. */
  readonly close: () => void;
};

/** Names and values of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

/** Shorter than servers keep an idle connection, lest a call meets one that is just being closed. */
const IDLE_MS = 20_000;
/** 16 messages of 64 KB whose every character is escaped. */
const MOST_BYTES = 8 * 1024 * 1024;

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

export function createExchange(endpoint: URL, proxyEnv: ProxyEnv = {}): Exchange {
  const { Agent, request } = endpoint.protocol === "http:" ? http : https;
  const agent = createAgent(Agent, endpoint, proxyEnv);
  return { send, close: () => agent.destroy() };

  async function send({ method, resource, headers, body, timeoutMs }: Outgoing, signal?: AbortSignal) {
    signal?.throwIfAborted();
    const answered = Promise.withResolvers<Incoming>();
    const url = new URL(endpoint.origin);
    const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const call = request(url, { method, path: resource, headers: { ...headers, ...length }, agent }, (answer) => {
      readAnswer(answer).then(answered.resolve, answered.reject);
    });
    call.on("error", answered.reject);
    let cut: Error | undefined;
    const end = (why: Error): void => void call.destroy((cut ??= why));
    const stop = (): void => end(new Error("the call was cut short"));
    const timer = setTimeout(() => end(new TimeoutError(`within ${timeoutMs} ms`)), timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });
    call.end(body);
    try {
      return await answered.promise;
    } catch (err) {
      signal?.throwIfAborted();
      throw cut ?? err;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}

async function readAnswer(answer: http.IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_BYTES) throw new Error("an answer without end");
    chunks.push(bytes);
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return { status: answer.statusCode ?? 0, text, date: Date.parse(answer.headers.date ?? "") };
}

function createAgent(Agent: typeof http.Agent, endpoint: URL, proxyEnv: ProxyEnv): http.Agent {
  try {
    return new Agent({ keepAlive: true, timeout: IDLE_MS, proxyEnv: { ...proxyEnv } });
  } catch {
    // Node's own message quotes the address, and with it the proxy's password.
    const fix = `set ${endpoint.protocol === "http:" ? "HTTP_PROXY" : "HTTPS_PROXY"} to an address such as http://proxy:8080`;
    throw new VendorError("configuration", "the proxy's address is not a URL", { fix });
  }
}
