/**
 * MNS for one made-up account, over real HTTP with real signatures: for tests, for the demo, and for whoever has no account
 * at hand. As much of it as a consumer sees, and SendMessage.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Account, type HistoryPage, type PublishOptions, type Stats } from "./account.ts";
import { createApi } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault, FaultReport } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { MessageHistory } from "./held-message.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type MnsSimulatorOptions = Credentials &
  SettingsChange & {
    /** Default 0: a free one. */
    readonly port?: number | undefined;
    readonly host?: string | undefined;
  };

export type MnsSimulator = {
  /** `http://127.0.0.1:PORT`, fit for ALIBABA_MNS_ENDPOINT. */
  readonly url: string;
  readonly settings: Settings;
  /** Changes settings at once; `visibilityMs` counts for later deliveries. */
  set(changes: SettingsChange): void;
  /** A text goes as it is. Returns the ids by which this simulator knows the messages; clients never see those. */
  publish(body: Readonly<Record<string, unknown>> | string, options?: PublishOptions): readonly string[];
  history(page?: HistoryPage): readonly MessageHistory[];
  find(id: string): MessageHistory | undefined;
  stats(): Stats;
  readonly faults: { inject(fault: Fault): void; list(): readonly FaultReport[]; clear(): void };
  close(): Promise<void>;
};

export async function startMnsSimulator(options: MnsSimulatorOptions): Promise<MnsSimulator> {
  const { accessKeyId, accessKeySecret, securityToken, port = 0, host = "127.0.0.1", ...settings } = options;
  const account = new Account(settings);
  const server = createServer();
  const api = createApi(account, { accessKeyId, accessKeySecret, securityToken });
  const control = createControl(account);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep theirs: closing a connection that one is about to use would look like a dropped call.
  server.keepAliveTimeout = 120_000;
  const address = await listen(server, port, host);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://simulator");
    return url.pathname.startsWith("/control/") ? control(request, response, url) : api(request, response, url);
  }

  let closed: Promise<void> | undefined;
  return {
    url: address,
    get settings() {
      return account.settings;
    },
    set: (changes) => account.set(changes),
    publish: (body, publishOptions) => account.publish(body, publishOptions),
    history: (page) => account.history(page),
    find: (id) => account.find(id),
    stats: () => account.stats(),
    faults: account.faults,
    close: () => (closed ??= stop(server)),
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

/** Calls that are held end with their connections. */
async function stop(server: Server): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await stopped;
}
