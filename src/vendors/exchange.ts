/**
 * One HTTP request and its whole answer, with a deadline. It uses node:http, because the global fetch does not use our
 * proxy and keeps connections that cannot be closed.
 */
import type * as Http from "node:http";
import { urlToHttpOptions } from "node:url";
import { VendorError } from "../core/errors.ts";
import { http, https } from "../core/node-http.ts";

type Outgoing = {
  readonly method: string;
  /** Path and query, exactly as signed. */
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** An answer with another status has no body here, and its connection is closed. */
  readonly onlyStatus?: number;
};

export type Incoming = {
  readonly status: number;
  readonly statusText: string;
  readonly text: string;
  readonly date: number;
};

export type Exchange = {
  /** Rejects with the error, or with the reason of `signal`. */
  readonly send: (outgoing: Outgoing, signal?: AbortSignal) => Promise<Incoming>;
  readonly agent: Http.Agent;
  /** Closes the kept connections. */
  readonly close: () => void;
};

/** Names and values of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

/** Shorter than servers keep an idle connection, so that no call uses a connection that is just being closed. */
const IDLE_MS = 20_000;

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

export type ExchangeOptions = {
  readonly endpoint: URL;
  readonly proxyEnv?: ProxyEnv | undefined;
  /** A larger answer is an error. */
  readonly maxBytes: number;
};

export function createExchange({ endpoint, proxyEnv = {}, maxBytes }: ExchangeOptions): Exchange {
  const { Agent, request } = endpoint.protocol === "http:" ? http : https;
  const agent = createAgent(Agent, endpoint, proxyEnv);
  const place = urlToHttpOptions(new URL(endpoint.origin));
  return { send, agent, close: () => agent.destroy() };

  async function send(outgoing: Outgoing, signal?: AbortSignal): Promise<Incoming> {
    const { method, resource, headers, body, timeoutMs, onlyStatus } = outgoing;
    signal?.throwIfAborted();
    const answered = Promise.withResolvers<Incoming>();
    const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const about = { ...place, method, path: resource, headers: { ...headers, ...length }, agent };
    const call = request(about, (answer) => {
      if (onlyStatus !== undefined && answer.statusCode !== onlyStatus) {
        answered.resolve({ ...headOf(answer), text: "" });
        call.destroy();
      } else readText(answer, maxBytes).then((text) => answered.resolve({ ...headOf(answer), text }), answered.reject);
    });
    call.on("error", answered.reject);
    let cut: Error | undefined;
    const end = (why: Error): void => {
      cut ??= why;
      call.destroy(cut);
      // A request that still waits for its connection, for example for a proxy's tunnel, emits its end only later.
      answered.reject(cut);
    };
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

function headOf({ statusCode = 0, statusMessage = "", headers }: Http.IncomingMessage) {
  return { status: statusCode, statusText: statusMessage, date: Date.parse(headers.date ?? "") };
}

/** By events, since a loop over the stream makes a dozen promises for each answer. */
function readText(answer: Http.IncomingMessage, maxBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let size = 0;
  answer.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) answer.destroy(new Error("an answer without end"));
    else chunks.push(chunk);
  });
  answer.on("end", () => resolve(UTF8.decode(Buffer.concat(chunks))));
  answer.on("error", reject);
  answer.on("close", () => reject(new Error("an answer that is cut off")));
  return promise;
}

const UTF8 = new TextDecoder();

function createAgent(Agent: typeof Http.Agent, endpoint: URL, proxyEnv: ProxyEnv): Http.Agent {
  try {
    return new Agent({ keepAlive: true, timeout: IDLE_MS, proxyEnv: { ...proxyEnv } });
  } catch {
    // Node's message would contain the proxy's address with its password.
    const fix = `set ${endpoint.protocol === "http:" ? "HTTP_PROXY" : "HTTPS_PROXY"} to an address such as http://proxy:8080`;
    throw new VendorError("configuration", "the proxy's address is not a URL", { fix });
  }
}
