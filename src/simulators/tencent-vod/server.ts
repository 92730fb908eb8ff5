/**
 * Tencent VOD's event API for one made-up account, over real HTTP with real signatures: for tests, for the demo, and for
 * whoever has no account at hand. What the vendor does not document is a setting, so that both answers can be tried.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Account, type HistoryPage, type PublishOptions, type Stats } from "./account.ts";
import { createApi } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault, FaultReport } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { EventHistory } from "./held-event.ts";
import { send } from "./http.ts";
import { createSamples } from "./samples.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type SimulatorOptions = Credentials &
  SettingsChange & {
    /** Default 0: a free one. */
    readonly port?: number | undefined;
    readonly host?: string | undefined;
    /** Equal seeds make equal events; without one they differ from start to start. */
    readonly seed?: number | undefined;
    /** As many confirmed and purged events as the history keeps. */
    readonly historyLimit?: number | undefined;
  };

export type Simulator = {
  /** `http://127.0.0.1:PORT`, fit for TENCENT_VOD_ENDPOINT. */
  readonly url: string;
  readonly settings: Settings;
  /** Changes settings at once; `windowMs` counts for later deliveries, `mode` and `switches` for every application. */
  set(changes: SettingsChange): void;
  /** `body` takes the place of the generated content of the type's field. Returns the ids by which this simulator knows them; clients never see those. */
  publish(type: string, options?: PublishOptions & { readonly body?: unknown }): readonly string[];
  /**
   * An event exactly as given, whatever it looks like. `handle` is what its first delivery carries; after that the
   * `handles` setting decides.
   */
  publishBody(
    body: Readonly<Record<string, unknown>>,
    options?: PublishOptions & { readonly handle?: string | undefined },
  ): readonly string[];
  history(page?: HistoryPage): readonly EventHistory[];
  find(id: string): EventHistory | undefined;
  stats(): Stats;
  readonly faults: { inject(fault: Fault): void; list(): readonly FaultReport[]; clear(): void };
  close(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port = 0, host = "127.0.0.1", seed = Math.floor(Math.random() * 2 ** 32), historyLimit = 100_000 } = options;
  const { secretId, secretKey, sessionToken, port: _p, host: _h, seed: _s, historyLimit: _l, ...settings } = options;
  const account = new Account({ settings, samples: createSamples(seed), historyLimit });
  const server = createServer();
  const api = createApi(account, { secretId, secretKey, sessionToken });
  const control = createControl(account);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep theirs: closing a connection that one is about to use would look like a dropped call.
  server.keepAliveTimeout = 120_000;
  const address = await listen(server, port, host);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("date", new Date(Date.now() + account.settings.clockOffsetMs).toUTCString());
    const url = URL.parse(request.url ?? "/", "http://simulator");
    if (url?.pathname.startsWith("/control/")) return control(request, response, url);
    if (url?.pathname === "/" && request.method === "POST") return api(request, response);
    send(response, 404, `{"error":"the API is POST /, the simulator's own side is below /control/"}\n`);
  }

  let closed: Promise<void> | undefined;
  return {
    url: address,
    get settings() {
      return account.settings;
    },
    set: (changes) => account.set(changes),
    publish: (type, publishOptions) => account.publish(type, publishOptions),
    publishBody: (body, publishOptions) => account.publishBody(body, publishOptions),
    history: (page) => account.history(page),
    find: (id) => account.find(id),
    stats: () => account.stats(),
    faults: account.faults,
    close: () => (closed ??= stop(server, account)),
  };
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

async function stop(server: Server, account: Account): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  account.close();
  await stopped;
}
