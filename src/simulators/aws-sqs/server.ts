/**
 * SQS for one made-up account, over real HTTP with real signatures: a standard queue as the worker meets it. A handle that
 * is not a message's newest is taken without a word, and deletes nothing.
 */
import type { MessageHistory } from "../kit/message.ts";
import type { PublishOptions } from "../kit/queue-account.ts";
import type { Page, Stats } from "../kit/register.ts";
import { type Listening, startServer } from "../kit/server.ts";
import { createAccount, publish } from "./account.ts";
import { createApi, queuePath } from "./api.ts";
import { createControl } from "./control.ts";
import type { Fault, FaultReport } from "./faults.ts";
import type { Credentials } from "./gateway.ts";
import type { Settings, SettingsChange } from "./settings.ts";

export type SqsSimulatorOptions = Credentials & Listening & SettingsChange;

export type SqsSimulator = {
  readonly url: string;
  /** Fit for AWS_MEDIACONVERT_QUEUE_URLS. Default: the first queue. */
  queueUrl(queue?: string): string;
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

export async function startSqsSimulator(options: SqsSimulatorOptions): Promise<SqsSimulator> {
  const { accessKeyId, secretAccessKey, sessionToken, port, host, ...settings } = options;
  const account = createAccount(settings);
  const api = createApi(account, { accessKeyId, secretAccessKey, sessionToken });
  const control = createControl(account);
  const { url, close } = await startServer({ port, host }, (request, response, target) =>
    target.pathname.startsWith("/control/") ? control(request, response, target) : api(request, response),
  );
  return {
    url,
    queueUrl: (queue = account.settings.queues[0] ?? "") => `${url}${queuePath(queue)}`,
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
