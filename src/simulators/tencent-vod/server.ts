/**
 * Tencent VOD's event API for one made-up account, over real HTTP with real signatures. It serves tests, the demo, and
 * people without an account. Undocumented behaviour of the vendor is a setting, so that both variants can be tried.
 */
import type { JsonObject } from "../../core/event.ts";
import { send } from "../kit/http.ts";
import type { Page, Stats } from "../kit/register.ts";
import { type Listening, startServer } from "../kit/server.ts";
import { Account, type PublishOptions } from "./account.ts";
import { createApi } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault, FaultReport } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { EventHistory } from "./held-event.ts";
import { createSamples } from "./samples.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type SimulatorOptions = Credentials &
  Listening &
  SettingsChange & {
    /** Equal seeds make equal events. Without a seed, events differ from start to start. */
    readonly seed?: number | undefined;
    /** The most confirmed and purged events that the history keeps. */
    readonly historyLimit?: number | undefined;
  };

export type Simulator = {
  /** `http://127.0.0.1:PORT`, fit for TENCENT_VOD_ENDPOINT. */
  readonly url: string;
  readonly settings: Settings;
  /** Changes settings at once. `windowMs` applies to later deliveries, `mode` and `switches` to every application. */
  set(changes: SettingsChange): void;
  /**
   * `body` replaces the generated content of the type's field. Returns this simulator's own ids, which clients never
   * see.
   */
  publish(type: string, options?: PublishOptions & { readonly body?: unknown }): readonly string[];
  /**
   * Publishes an event exactly as given, without a check. Its first delivery carries `handle`. After that the `handles`
   * setting decides.
   */
  publishBody(
    body: Readonly<Record<string, unknown>>,
    options?: PublishOptions & { readonly handle?: string | undefined },
  ): readonly string[];
  /** An event of this type as it would be published, the handle apart. */
  sample(type: string): JsonObject;
  history(page?: Page): readonly EventHistory[];
  find(id: string): EventHistory | undefined;
  stats(): Stats;
  readonly faults: { inject(fault: Fault): void; list(): readonly FaultReport[]; clear(): void };
  close(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port, host, seed, historyLimit = 100_000, ...others } = options;
  const { secretId, secretKey, sessionToken, ...settings } = others;
  const samples = createSamples(seed);
  const account = new Account({ settings, samples, historyLimit });
  const api = createApi(account, { secretId, secretKey, sessionToken });
  const control = createControl(account);
  const server = await startServer({ port, host }, (request, response, url) => {
    response.setHeader("date", new Date(Date.now() + account.settings.clockOffsetMs).toUTCString());
    if (url.pathname.startsWith("/control/")) return control(request, response, url);
    if (url.pathname === "/" && request.method === "POST") return api(request, response);
    return send(response, 404, `{"error":"the API is POST /, the simulator's own side is below /control/"}\n`);
  });
  return {
    url: server.url,
    get settings() {
      return account.settings;
    },
    set: (changes) => account.set(changes),
    publish: (type, publishOptions) => account.publish(type, publishOptions),
    publishBody: (body, publishOptions) => account.publishBody(body, publishOptions),
    sample: (type) => samples.object(type, account.settings.nullFields),
    history: (page) => account.history(page),
    find: (id) => account.find(id),
    stats: () => account.stats(),
    faults: account.faults,
    close() {
      account.close();
      return server.close();
    },
  };
}
