import { expect } from "vitest";
import type { Place } from "../../src/core/inbox.ts";
import { delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

export function roomContract(setup: InboxSetup): void {
  scenario("a pull finds room while nothing waits", setup, async (t) => {
    expect(await place(t, 16)).toMatchObject({ isFree: true });
  });

  scenario(
    "pulls in progress reserve room for the events they may bring, until they end",
    setup,
    async (t) => {
      await fill(t, 1);
      const began = await t.now();
      const first = await free(t, 3);
      const { isFree } = await place(t, 1);
      await t.inTime(began + t.times.windowMs / 4);
      expect(isFree).toBe(false);
      first.end(false);
      expect(await place(t, 3)).toMatchObject({ isFree: true });
    },
    { maxWaiting: 4 },
  );

  scenario(
    "waiting events take room, over all replicas, and started ones take none",
    setup,
    async (t) => {
      const began = await t.now();
      const ids = await fill(t, 4);
      const { isFree } = await placeOf(t, t.replica ?? t.inbox, 1);
      await t.inTime(began + t.times.windowMs / 4);
      expect(isFree).toBe(false);
      await t.jobs.finish(ids[0] ?? "");
      expect(await place(t, 1)).toMatchObject({ isFree: true, most: 1 });
    },
    { maxWaiting: 4 },
  );

  scenario(
    "a source without room is pulled once in a while all the same, to renew what is open",
    setup,
    async (t) => {
      await fill(t, 4);
      const began = await t.now();
      await t.until(began + t.times.windowMs / 4);
      expect(await place(t, 1)).toMatchObject({ isFree: true });
      const { isFree } = await place(t, 1);
      await t.inTime(began + t.times.windowMs / 2);
      expect(isFree).toBe(false);
    },
    { maxWaiting: 4 },
  );

  scenario(
    "a source without room is told how long to wait before it asks again",
    setup,
    async (t) => {
      const began = await t.now();
      await fill(t, 4);
      const full = await place(t, 1);
      await t.inTime(began + t.times.windowMs / 4);
      if (full.isFree) throw new Error("there was room");
      expect(full.askAgainMs).toBeGreaterThanOrEqual(5);
      expect(full.askAgainMs).toBeLessThanOrEqual(250);
    },
    { maxWaiting: 4 },
  );

  scenario(
    "when room is scarce, the source that was served longest ago comes first",
    setup,
    async (t) => {
      const other = { ...t.source, name: `${t.source.name}/other` };
      await fill(t, 2);
      const began = await t.now();
      const servedFirst = await t.inbox.place(other, 1);
      if (servedFirst.isFree) servedFirst.end(false);
      await t.advance(2);
      const mine = await free(t, 2);
      const otherInVain = await t.inbox.place(other, 3);
      mine.end(false);
      const again = await place(t, 1);
      const otherNow = await t.inbox.place(other, 1);
      await t.inTime(began + t.times.windowMs / 4);
      expect([otherInVain.isFree, again.isFree, otherNow.isFree]).toEqual([false, false, true]);
    },
    { maxWaiting: 4 },
  );
}

async function place(t: Trial, expected: number): Promise<Place> {
  return await placeOf(t, t.inbox, expected);
}

async function placeOf(t: Trial, inbox: Trial["inbox"], expected: number): Promise<Place> {
  return await inbox.place(t.source, expected);
}

async function free(t: Trial, expected: number): Promise<Extract<Place, { isFree: true }>> {
  const found = await place(t, expected);
  if (!found.isFree) throw new Error("no room");
  return found;
}

/** Makes `count` events wait. The source was then pulled just now. */
async function fill(t: Trial, count: number): Promise<readonly string[]> {
  const found = await free(t, 1);
  const deliveries = Array.from({ length: count }, (_, index) => delivery(t.source, `waiting ${index}`));
  const { ids } = await t.pull(...deliveries);
  found.end(false);
  return ids;
}
