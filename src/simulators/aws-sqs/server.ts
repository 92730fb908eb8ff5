/**
 * SQS for one made-up account, over real HTTP with real signatures: a standard queue as the worker sees it. An outdated
 * handle is accepted without an error, but deletes nothing.
 */
import type { PublishOptions } from "../kit/queue-account.ts";
import { type QueueSimulator, startQueueSimulator } from "../kit/queue-simulator.ts";
import type { Listening } from "../kit/server.ts";
import { createAccount, publish } from "./account.ts";
import { createApi, queuePath } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type SqsSimulatorOptions = Credentials & Listening & SettingsChange;

export type SqsSimulator = QueueSimulator<Settings, Fault, PublishOptions> & {
  /** Fit for AWS_MEDIACONVERT_QUEUE_URLS. Default: the first queue. */
  queueUrl(queue?: string): string;
};

export async function startSqsSimulator(options: SqsSimulatorOptions): Promise<SqsSimulator> {
  const { accessKeyId, secretAccessKey, sessionToken, port, host, ...settings } = options;
  const account = createAccount(settings);
  const simulator = await startQueueSimulator({
    account,
    listening: { port, host },
    publish: (body, publishOptions?: PublishOptions) => publish(account, body, publishOptions),
    api: createApi(account, { accessKeyId, secretAccessKey, sessionToken }),
    control: createControl(account),
  });
  const queueUrl = (queue = account.settings.queues[0] ?? ""): string => `${simulator.url}${queuePath(queue)}`;
  return Object.assign(simulator, { queueUrl });
}
