/** The account's own side, for people with curl. */
import { z } from "zod";
import { createControl as createKitControl } from "../kit/control.ts";
import type { Account } from "./account.ts";
import { FaultSchema } from "./faults.ts";
import { SettingsSchema } from "./settings.ts";

const EventsSchema = z
  .strictObject({
    type: z.string().min(1).max(200).optional(),
    count: z.int().min(1).max(100_000).optional(),
    subAppId: z.int().positive().optional(),
    /** With a type: the content of its field. Without: the whole event. */
    body: z.record(z.string(), z.unknown()).optional(),
    handle: z.string().min(1).max(10_000).optional(),
  })
  .refine(({ type, body }) => type !== undefined || body !== undefined, { error: "type or body is missing" })
  .refine(({ type, handle }) => type === undefined || handle === undefined, {
    error: "a handle goes with a body without type",
  });

export function createControl(account: Account) {
  return createKitControl({ account, FaultSchema, ChangeSchema: SettingsSchema.partial(), publish });

  function publish(request: unknown): readonly string[] {
    const { type, body, ...options } = EventsSchema.parse(request);
    if (type === undefined) return account.publishBody(body ?? {}, options);
    return account.publish(type, { ...options, body });
  }
}
