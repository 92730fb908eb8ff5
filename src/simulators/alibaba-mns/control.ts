/** The account's own side, for people with curl. */
import { z } from "zod";
import { sampleOf } from "../alibaba-vod/samples.ts";
import { createControl as createKitControl } from "../kit/control.ts";
import { type Account, publish as publishTo } from "./account.ts";
import { FaultSchema } from "./faults.ts";
import { SettingsSchema } from "./settings.ts";

const EventsSchema = z
  .strictObject({
    type: z.string().min(1).max(200).optional(),
    /** The whole event, or any text. */
    body: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
    count: z.int().min(1).max(10_000).optional(),
    queue: z.string().optional(),
    base64: z.boolean().optional(),
  })
  .refine(({ type, body }) => (type === undefined) !== (body === undefined), { error: "give either type or body" });

export function createControl(account: Account) {
  return createKitControl({ account, FaultSchema, ChangeSchema: SettingsSchema.partial(), publish });

  /** No two samples of a type are alike. */
  function publish(request: unknown): readonly string[] {
    const { type = "", body, count = 1, ...options } = EventsSchema.parse(request);
    const one = (): readonly string[] => publishTo(account, body ?? sampleOf(type), options);
    return Array.from({ length: count }, one).flat();
  }
}
