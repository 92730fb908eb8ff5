import type { Redis } from "ioredis";
import { z } from "zod";
import { CLAIM_MS, STEP_LIMITS, type StepRef, type StepStore } from "../core/step-store.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

const Claim = z.tuple([z.enum(["kept", "busy", "claimed", "full", "over", "lost"]), z.string(), z.number()]);
const Kept = z.enum(["stored", "refused", "full"]);
const ASK_AGAIN_MS = 1_000;

export type RedisSteps = StepStore & {
  /** Deletes results that no run can need any more. */
  sweep(): Promise<void>;
};

/**
 * Keeps each event's results in a separate hash. A job's hash is read as a whole at each start, so results stay out of
 * it.
 */
export function createStepStore(redis: Redis, { keysOf, shards }: Keys, claimMs = CLAIM_MS): RedisSteps {
  const claim = loadScript(redis, "source", "claim-step");
  const keep = loadScript(redis, "source", "keep-step");
  const sweep = loadScript(redis, "source", "sweep-steps");

  return {
    async claim({ event, name, token }, ranForMs) {
      const { source, fingerprint, id } = event;
      const limits = [claimMs, ASK_AGAIN_MS, STEP_LIMITS.steps];
      const reply = await claim(keysOf(source).scope, fingerprint, id, name, token, Math.ceil(ranForMs), ...limits);
      const [kind, result, askAgainMs] = Claim.parse(reply);
      if (kind === "kept") return { kind, result };
      return kind === "busy" ? { kind, askAgainMs } : { kind };
    },

    renew: async (step) => void (await asOwner(step, "renew")),
    store: (step, result) => asOwner(step, "store", result),
    release: async (step) => void (await asOwner(step, "release")),

    async sweep() {
      for (const { scope } of shards.map((shard) => shard.keysOf(""))) {
        let cursor = "0";
        do cursor = z.string().parse(await sweep(scope, cursor));
        while (cursor !== "0");
      }
    },
  };

  async function asOwner({ event, name, token }: StepRef, what: string, result = "") {
    const { source, fingerprint, id } = event;
    const args = [fingerprint, id, name, token, what, result, STEP_LIMITS.totalBytes];
    return Kept.parse(await keep(keysOf(source).scope, ...args));
  }
}
