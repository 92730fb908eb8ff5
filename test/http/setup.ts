import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import { Queue } from "bullmq";
import { pino } from "pino";
import { onTestFinished, vi } from "vitest";
import { groupedLog } from "../support/grouped-log.ts";
import type { GateWord } from "../../src/core/limits.ts";
import type { OpenEvent } from "../../src/core/event-states.ts";
import type { DeskPages } from "../../src/http/desk/desk.ts";
import type { Status } from "../../src/http/probes/status-contract.ts";
import type { HttpOptions } from "../../src/http/server.ts";
import { startHttp } from "../../src/http/server.ts";
import { createMetrics } from "../../src/http/probes/metrics.ts";
import { setupRedis } from "../support/redis.ts";
import { statusOf } from "../support/status.ts";

export const PASSWORD = "correct horse battery staple";
export const SIGNED_IN = `Basic ${Buffer.from(`operator:${PASSWORD}`).toString("base64")}`;

export const parked: OpenEvent = {
  id: "e-parked",
  source: "tencent-vod/1500000001",
  type: "NewFileUpload",
  state: "parked",
  atVendor: "unconfirmed",
  // Computed at each look: test files that run one after another share this object.
  get firstSeen() {
    return new Date(Date.now() - 5_400_000).toISOString();
  },
  attempts: 20,
  reason: "the file service answered 500",
};

export type Changes = Partial<Omit<HttpOptions, "log" | "metrics">> & {
  readonly openEvents?: readonly OpenEvent[];
  readonly desk?: Partial<DeskPages["desk"]>;
};

/** The whole server on a free port, with a queue of its own on a real Redis. */
export async function setup({ openEvents = [parked], desk: changed, ...changes }: Changes = {}) {
  const lines: string[] = [];
  const log = groupedLog(pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }));
  const status = changes.status ?? ((): Promise<Status> => Promise.resolve(statusOf()));
  const queue = await openQueue();
  const desk: DeskPages["desk"] = {
    groups: async () => [],
    events: async () => ({ events: [] }),
    event: async () => undefined,
    series: async (range) => ({ range, stepMs: 15_000, points: [], types: [], sources: [], receivers: [] }),
    reach: async () => ({ events: 0 }),
    retryGroup: async () => 0,
    receivers: async () => [],
    ...changed,
  };
  const pages = {
    queues: [queue],
    shardOf: () => 0,
    desk,
    limit: vi.fn(async (_handler: string, _word: GateWord) => Promise.resolve()),
    openEvents: vi.fn(async (limit: number) => Promise.resolve(openEvents.slice(0, limit))),
    discard: vi.fn(async (id: string, _reason: string, _by?: string) =>
      Promise.resolve(openEvents.some((event) => event.id === id)),
    ),
    end: vi.fn(async (id: string, _reason: string) => Promise.resolve(openEvents.some((event) => event.id === id))),
    retry: vi.fn(async (id: string, _by?: string) => Promise.resolve(openEvents.some((event) => event.id === id))),
  };
  const metrics = createMetrics({ status });
  const options: HttpOptions = { host: "127.0.0.1", port: 0, log, metrics, pages, ...changes, status };
  const server = await startHttp(options);
  onTestFinished(() => server.close());
  const { port, url } = server.address;
  return { server, url, options, pages, queue, lines, ask: (path: string, asked?: Asked) => ask(port, path, asked) };
}

async function openQueue(): Promise<Queue> {
  const { redis, keys } = setupRedis();
  const queue = new Queue(keys.queue.name, { connection: redis, prefix: keys.queue.prefix });
  queue.on("error", () => {});
  await queue.waitUntilReady();
  onTestFinished(() => queue.close());
  return queue;
}

type Asked = { readonly method?: string; readonly headers?: IncomingHttpHeaders; readonly body?: string };

/** By hand, since `fetch` sets Host and the Sec-Fetch headers itself. */
function ask(port: number, path: string, { method = "GET", headers = {}, body }: Asked = {}) {
  const answered = Promise.withResolvers<{ status: number; headers: IncomingHttpHeaders; text: string }>();
  request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (chunk: string) => (text += chunk));
    answer.on("end", () => answered.resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    answer.on("error", answered.reject);
  })
    .on("error", answered.reject)
    .end(body);
  return answered.promise;
}
