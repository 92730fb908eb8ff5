import type { Redis } from "ioredis";
import { z } from "zod";
import type { EventRef } from "../core/event.ts";
import type { DueConfirmation } from "../core/inbox.ts";
import type { Extended } from "../core/source.ts";
import type { Keys } from "./keys.ts";
import { confirmationOf, receiptHash } from "./receipts.ts";
import { redisTime } from "./redis-time.ts";
import { loadScript } from "./scripts.ts";

const Extension = z.tuple([z.string(), z.number(), z.number()]);

/** Keeps the windows of running events open: an extension replaces the receipt. */
export function createOpenWindows(redis: Redis, { keysOf }: Keys, { callMs }: { readonly callMs: number }) {
  const extending = loadScript(redis, "source", "extending");
  const extend = loadScript(redis, "source", "extend");

  return {
    async held({
      source,
      fingerprint,
      id,
    }: EventRef): Promise<Pick<DueConfirmation, "receipt" | "openUntil"> | undefined> {
      const asked = performance.now();
      const [fields, now] = await Promise.all([
        redis.hmget(keysOf(source).event(fingerprint), "state", "id", "receipt", "openUntil"),
        redisTime(redis),
      ]);
      const [state, known, receipt, openUntil] = fields;
      if (state !== "pending" || known !== id || !receipt) return undefined;
      return { receipt, openUntil: asked + Number(openUntil) - now };
    },

    async extending({ source, fingerprint, id }: EventRef): Promise<string | undefined> {
      const receipt = z.string().parse(await extending(keysOf(source).scope, fingerprint, id));
      return receipt === "" ? undefined : receipt;
    },

    async extended(
      event: EventRef,
      old: string,
      { receipt, windowMs }: Extended,
      sent: number,
    ): Promise<DueConfirmation | undefined> {
      const { source, fingerprint, id } = event;
      const asked = performance.now();
      const args = [source, fingerprint, id, old, receipt, receiptHash(receipt), sent, windowMs, callMs];
      const [isDue, openForMs, closedInMs] = Extension.parse(await extend(keysOf(source).scope, ...args));
      return isDue === "1" ? confirmationOf(event, receipt, asked, openForMs, closedInMs) : undefined;
    },
  };
}
