/**
 * MNS for one made-up account, over real HTTP with real signatures. It serves tests, the demo, and people without an
 * account. It has the calls that a consumer uses, and SendMessage.
 */
import { type QueueSimulator, startQueueSimulator } from "../kit/queue-simulator.ts";
import type { Listening } from "../kit/server.ts";
import { createAccount, publish, type PublishOptions } from "./account.ts";
import { createApi } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type MnsSimulatorOptions = Credentials & Listening & SettingsChange;

/** Its `url` is fit for ALIBABA_MNS_ENDPOINT. */
export type MnsSimulator = QueueSimulator<Settings, Fault, PublishOptions>;

export function startMnsSimulator(options: MnsSimulatorOptions): Promise<MnsSimulator> {
  const { accessKeyId, accessKeySecret, securityToken, port, host, ...settings } = options;
  const account = createAccount(settings);
  return startQueueSimulator({
    account,
    listening: { port, host },
    publish: (body, publishOptions?: PublishOptions) => publish(account, body, publishOptions),
    api: createApi(account, { accessKeyId, accessKeySecret, securityToken }),
    control: createControl(account),
  });
}
