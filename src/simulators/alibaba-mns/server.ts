/**
 * MNS for one made-up account, over real HTTP with real signatures: for tests, for the demo, and for whoever has no account
 * at hand. As much of it as a consumer sees, and SendMessage.
 */
import type { MessageHistory } from "../kit/message.ts";
import type { Page, Stats } from "../kit/register.ts";
import { type Listening, startServer } from "../kit/server.ts";
import { createAccount, publish, type PublishOptions } from "./account.ts";
import { createApi } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault, FaultReport } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type MnsSimulatorOptions = Credentials & Listening & SettingsChange;

export type MnsSimulator = {
  /** `http://127.0.0.1:PORT`, fit for ALIBABA_MNS_ENDPOINT. */
  readonly url: string;
  readonly settings: Settings;
  /** Changes settings at once; `visibilityMs` counts for later deliveries. */
  set(changes: SettingsChange): void;
  /** A text goes as it is. Returns the ids by which this simulator knows the messages; clients never see those. */
  publish(body: Readonly<Record<string, unknown>> | string, options?: PublishOptions): readonly string[];
  history(page?: Page): readonly MessageHistory[];
  find(id: string): MessageHistory | undefined;
  stats(): Stats;
  readonly faults: { inject(fault: Fault): void; list(): readonly FaultReport[]; clear(): void };
  close(): Promise<void>;
};

export async function startMnsSimulator(options: MnsSimulatorOptions): Promise<MnsSimulator> {
  const { accessKeyId, accessKeySecret, securityToken, port, host, ...settings } = options;
  const account = createAccount(settings);
  const api = createApi(account, { accessKeyId, accessKeySecret, securityToken });
  const control = createControl(account);
  const { url, close } = await startServer({ port, host }, (request, response, target) =>
    target.pathname.startsWith("/control/") ? control(request, response, target) : api(request, response, target),
  );
  return {
    url,
    get settings() {
      return account.settings;
    },
    set: (changes) => account.set(changes),
    publish: (body, publishOptions) => publish(account, body, publishOptions),
    history: (page) => account.history(page),
    find: (id) => account.find(id),
    stats: () => account.stats(),
    faults: account.faults,
    close,
  };
}
