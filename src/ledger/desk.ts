import type { Redis } from "ioredis";
import { z } from "zod";
import type { Desk } from "../core/inbox.ts";
import type { Keys } from "./keys.ts";
import { confirmationOf, type LedgerTimes } from "./ledger.ts";
import { loadScript } from "./scripts.ts";

const Reply = z.tuple([z.enum(["given up", "removed", "handled", "none"]), z.string(), z.number(), z.number()]);

/** What a person may do to an event: each is one script, which does all of it or nothing. */
export function createDesk(redis: Redis, { keysOf }: Keys, { callMs }: Pick<LedgerTimes, "callMs">): Desk {
  const discard = loadScript(redis, "source", "discard");

  return {
    async discard(event) {
      const { source, fingerprint, id } = event;
      const asked = performance.now();
      const reply = await discard(keysOf(source).scope, source, fingerprint, id, callMs);
      const [outcome, receipt, openForMs, closedInMs] = Reply.parse(reply);
      if (receipt === "") return { outcome };
      return { outcome, confirmation: confirmationOf(event, receipt, asked, openForMs, closedInMs) };
    },
  };
}
