/** Describes pulled events that were not confirmed in time. The description tells a fault of ours from one of the vendor. */
import type { Redis } from "ioredis";
import { createKeys } from "../../../src/ledger/keys.ts";
import type { RunNote } from "../../support/script.ts";
import type { Pulled } from "./vendor-words.ts";

export type LeftOver = {
  readonly key: string;
  readonly atVendor: { readonly state: string; readonly deliveries: readonly string[] };
  readonly runs: readonly string[];
};

export type Records = readonly Readonly<Record<string, string>>[];

const SOURCE = "tencent-vod";
const LATEST = 20;

/** Times are seconds from `since`. */
export function leftOver(unconfirmed: readonly Pulled[], runs: readonly RunNote[], since: number): readonly LeftOver[] {
  const seconds = (at: number): string => ((at - since) / 1_000).toFixed(2);
  return unconfirmed.map(({ key, state, deliveries }) => ({
    key,
    atVendor: {
      state,
      deliveries: deliveries.slice(-LATEST).map(({ at, until }) => `${seconds(at)}-${seconds(until)}`),
    },
    runs: runs.flatMap((run) => (run.key === key ? [`${seconds(run.at)} ${run.phase} ${run.id} in ${run.pid}`] : [])),
  }));
}

/** The ledger's records of what it holds for unconfirmed, each with the list that its job is in. */
export async function openRecords(redis: Redis, prefix: string): Promise<Records> {
  const keys = createKeys(prefix).keysOf(SOURCE);
  const fingerprints = await redis.zrange(keys.unconfirmed, 0, String(LATEST - 1));
  return await Promise.all(
    fingerprints.map(async (fingerprint) => {
      const { life = "", ...record } = await redis.hgetall(keys.event(fingerprint));
      const { id = "" } = record;
      const job = await redis.hgetall(keys.job(id));
      const sets = await Promise.all(
        ["failed", "delayed", "completed"].map(async (set) =>
          (await redis.zscore(keys.queue(set), id)) === null ? [] : [set],
        ),
      );
      const lists = await Promise.all(
        ["wait", "active"].map(async (list) => ((await redis.lpos(keys.queue(list), id)) === null ? [] : [list])),
      );
      const lock = (await redis.exists(keys.lock(id))) === 1 ? "locked" : "";
      const about = ["atm", "ats", "stc", "crashes", "handlerSucceeded", "failedReason"];
      const fields = about.flatMap((field) => (job[field] === undefined ? [] : [`${field}=${job[field]}`]));
      return Object.assign(record, {
        fingerprint,
        life,
        job: [...sets.flat(), ...lists.flat(), lock, ...fields].join(" "),
      });
    }),
  );
}
