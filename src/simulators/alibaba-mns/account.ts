/** The simulated account: queues of MNS. */
import { randomBytes } from "node:crypto";
import { type PublishOptions as PublishOptionsOfQueues, QueueAccount } from "../kit/queue-account.ts";
import { withChanges } from "../kit/settings.ts";
import { createFaults, type Fault } from "./faults.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, SettingsSchema } from "./settings.ts";

export type Account = QueueAccount<Settings, Fault>;

export type PublishOptions = PublishOptionsOfQueues & {
  /** Sends the body in base64, as some clients expect it. */
  readonly base64?: boolean | undefined;
};

export function createAccount(changes: SettingsChange): Account {
  return new QueueAccount({
    schema: SettingsSchema,
    settings: withChanges(SettingsSchema, DEFAULT_SETTINGS, changes),
    faults: createFaults(),
    traits: {
      newHandle: ({ number }) => `1-${randomBytes(24).toString("base64")}-${number}`,
      extensionVoidsHandle: true,
      deletesLate: false,
    },
  });
}

/** A body that is text is sent unchanged. */
export function publish(
  account: Account,
  body: Readonly<Record<string, unknown>> | string,
  { base64 = false, ...options }: PublishOptions = {},
): readonly string[] {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" || typeof body["EventType"] !== "string" ? "" : body["EventType"];
  return account.publish(base64 ? Buffer.from(text).toString("base64") : text, type, options);
}
