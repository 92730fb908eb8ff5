/** Groups parked events by the reason of their failure. */
import { groupOf } from "../core/failure-group.ts";
import type { DeskEvent, Group, GroupKey } from "./contract.ts";
import type { OpenLists } from "./open-lists.ts";
import type { Parked } from "./parked.ts";
import { EVERYTHING, type Search } from "./search.ts";

const HOUR_MS = 3_600_000;
const AT_ONCE = 16;
/** How many samples are read at once. */
const SAMPLES = 500;

type GroupsOptions = {
  readonly open: Pick<OpenLists, "matches" | "named">;
  /** Reads all parked events. */
  readonly parked: () => Promise<readonly Parked[]>;
  /** Gives a parked event another attempt. False if it is no longer parked. */
  readonly retry: (id: string, by?: string) => Promise<boolean>;
};

type Counted = Omit<Group, "sample"> & { readonly oldestId: string };

export function createGroups({ open, parked, retry }: GroupsOptions) {
  return {
    /** The largest group comes first. */
    async groups(search: Search = EVERYTHING): Promise<readonly Group[]> {
      const groups = new Map<string, Counted>();
      const since = Date.now() - HOUR_MS;
      for (const one of isEverything(search) ? await parked() : await found(search)) {
        const name = JSON.stringify([one.key.type, one.key.error]);
        groups.set(name, withEvent(groups.get(name), one, since));
      }
      return await withSamples([...groups.values()].toSorted((a, b) => b.count - a.count));
    },

    /**
     * Gives each event of a group one more attempt, the oldest first. An event that fails again meanwhile is not
     * retried twice. An event that somebody else retried is left alone. Resolves with the number of retried events.
     */
    async retryGroup(
      { type, error }: GroupKey,
      signal?: AbortSignal,
      report: (looked: number, total: number) => void = () => {},
      by?: string,
    ): Promise<number> {
      const events = (await parked()).filter(({ key }) => key.type === type && key.error === error);
      const sorted = events.toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen));
      let retried = 0;
      for (let at = 0; at < sorted.length; at += AT_ONCE) {
        if (signal?.aborted) break;
        const done = await Promise.all(sorted.slice(at, at + AT_ONCE).map(({ id }) => retry(id, by)));
        retried += done.filter(Boolean).length;
        report(at + done.length, sorted.length);
      }
      return retried;
    },
  };

  async function found(search: Search): Promise<readonly Parked[]> {
    const events: Parked[] = [];
    for await (const { event } of open.matches({ ...search, states: ["parked"] }))
      events.push({ ...event, key: { type: event.type, error: groupOf(event.error ?? "") } });
    return events;
  }

  /** Leaves out groups whose last event was resolved meanwhile. */
  async function withSamples(groups: readonly Counted[]): Promise<readonly Group[]> {
    const samples = new Map<string, DeskEvent>();
    for (let at = 0; at < groups.length; at += SAMPLES) {
      const ids = groups.slice(at, at + SAMPLES).map(({ oldestId }) => oldestId);
      for (const { event } of await open.named(ids, { isBrief: true })) samples.set(event.id, event);
    }
    return groups.flatMap(({ oldestId, ...group }) => {
      const sample = samples.get(oldestId);
      return sample ? [{ ...group, sample }] : [];
    });
  }
}

function isEverything({ words, states, types, sources, vendors, olderMs, newerMs }: Search): boolean {
  const isNarrow = [words, states, types, sources, vendors].some((some) => some.length > 0);
  return !isNarrow && olderMs === undefined && newerMs === undefined;
}

function withEvent(group: Counted | undefined, event: Parked, since: number): Counted {
  const { id, key, firstSeen, parkedAt = firstSeen } = event;
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
    oldestId: isOldest ? id : group.oldestId,
  };
}
