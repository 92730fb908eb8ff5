/** Parked events that failed for one reason, as groups. */
import { groupOf } from "../core/failure-group.ts";
import type { DeskEvent, Group, GroupKey } from "./contract.ts";
import type { OpenLists } from "./open-lists.ts";
import type { OpenRow } from "./open-row.ts";
import { EVERYTHING, type Search } from "./search.ts";

const HOUR_MS = 3_600_000;
/** Texts come from outside. */
const MAX_TEXTS = 10_000;
const AT_ONCE = 16;

type GroupsOptions = {
  readonly open: Pick<OpenLists, "matches">;
  /** Gives a parked event another attempt; false if it is not parked any more. */
  readonly retry: (id: string, by?: string) => Promise<boolean>;
};

export function createGroups({ open, retry }: GroupsOptions) {
  return {
    /** The largest first. */
    async groups(search: Search = EVERYTHING): Promise<readonly Group[]> {
      const groups = new Map<string, Group>();
      const since = Date.now() - HOUR_MS;
      for await (const { event, key } of parked(search)) {
        const name = JSON.stringify([key.type, key.error]);
        groups.set(name, withEvent(groups.get(name), key, event, since));
      }
      return [...groups.values()].toSorted((a, b) => b.count - a.count);
    },

    /**
     * Gives each event of a group one more attempt, the oldest first. Those that fail again meanwhile are not met twice,
     * and one that somebody else retried is left alone. Resolves with how many were retried.
     */
    async retryGroup(
      { type, error }: GroupKey,
      signal?: AbortSignal,
      report: (looked: number, total: number) => void = () => {},
      by?: string,
    ): Promise<number> {
      const events: DeskEvent[] = [];
      for await (const { event, key } of parked(EVERYTHING))
        if (key.type === type && key.error === error) events.push(event);
      events.sort((a, b) => a.firstSeen.localeCompare(b.firstSeen));
      let retried = 0;
      for (let at = 0; at < events.length; at += AT_ONCE) {
        if (signal?.aborted) break;
        const done = await Promise.all(events.slice(at, at + AT_ONCE).map(({ id }) => retry(id, by)));
        retried += done.filter(Boolean).length;
        report(at + done.length, events.length);
      }
      return retried;
    },
  };

  async function* parked(search: Search): AsyncGenerator<OpenRow & { readonly key: GroupKey }> {
    const known = new Map<string, string>();
    for await (const row of open.matches({ ...search, states: ["parked"] })) {
      const { type, error = "" } = row.event;
      const group = known.get(error) ?? groupOf(error);
      if (known.size < MAX_TEXTS) known.set(error, group);
      yield { ...row, key: { type, error: group } };
    }
  }
}

function withEvent(group: Group | undefined, key: GroupKey, event: DeskEvent, since: number): Group {
  const { firstSeen, parkedAt = firstSeen } = event;
  const isRecent = Date.parse(parkedAt) >= since ? 1 : 0;
  const expires = [group?.expiresAt, event.expiresAt].filter((at) => at !== undefined).toSorted()[0];
  const isOldest = !group || firstSeen < group.oldest;
  return {
    ...key,
    count: (group?.count ?? 0) + 1,
    lastHour: (group?.lastHour ?? 0) + isRecent,
    oldest: isOldest ? firstSeen : group.oldest,
    newest: group && group.newest > firstSeen ? group.newest : firstSeen,
    ...(expires !== undefined && { expiresAt: expires }),
    sample: isOldest ? event : group.sample,
  };
}
