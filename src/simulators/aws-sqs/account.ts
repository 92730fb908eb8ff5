/** The simulated account: standard queues of SQS. */
import { randomBytes } from "node:crypto";
import { type PublishOptions, QueueAccount } from "../kit/queue-account.ts";
import { withChanges } from "../kit/settings.ts";
import { createFaults, type Fault } from "./faults.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, SettingsSchema } from "./settings.ts";

export type Account = QueueAccount<Settings, Fault>;

const HANDLE_BYTES = 48;

export function createAccount(changes: SettingsChange): Account {
  return new QueueAccount({
    schema: SettingsSchema,
    settings: withChanges(SettingsSchema, DEFAULT_SETTINGS, changes),
    faults: createFaults(),
    traits: {
      newHandle: () => randomBytes(HANDLE_BYTES).toString("base64"),
      extensionVoidsHandle: false,
      deletesLate: true,
    },
  });
}

/** Whether the text has the form of a handle. SQS reports a deletion for any handle of that form. */
export function looksLikeHandle(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, "base64").length === HANDLE_BYTES;
}

/** A body that is text is sent unchanged. */
export function publish(
  account: Account,
  body: Readonly<Record<string, unknown>> | string,
  options?: PublishOptions,
): readonly string[] {
  return account.publish(typeof body === "string" ? body : JSON.stringify(body), typeOf(body), options);
}

function typeOf(body: Readonly<Record<string, unknown>> | string): string {
  if (typeof body === "string") return "";
  const { detail, "detail-type": name } = body;
  const status = typeof detail === "object" && detail !== null && "status" in detail ? detail.status : undefined;
  return [status, name].find((text) => typeof text === "string") ?? "";
}
