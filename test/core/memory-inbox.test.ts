import { expect, test } from "vitest";
import type { SourceTerms } from "../../src/core/source.ts";
import { CLAIM_MS } from "../../src/core/step-store.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { limitsBy } from "../contracts/gate-trial.ts";
import { inboxContract, type InboxSetup } from "../contracts/inbox.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { MemoryInbox } from "../support/memory-inbox.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const times = { windowMs: 30_000, graceMs: 15_000, callMs: 5_000, lookMs: 10_000 };
const source: SourceTerms = {
  name: "tencent-vod/1500000001",
  vendor: "tencent-vod",
  windowMs: times.windowMs,
  retentionMs: 4 * DAY_MS,
  batchSize: 16,
  maxCallsPerSecond: 1_000,
};

const setup: InboxSetup = async ({
  maxWaiting = 1_000,
  maxCallsPerSecond = source.maxCallsPerSecond,
  limited,
  mostHeld = 1_000,
} = {}) => {
  const clock = new ManualClock();
  const inbox = new MemoryInbox({
    now: clock.now,
    sleep: clock.sleep,
    maxWaiting,
    mostHeld,
    limitsOf: limitsBy(limited),
    ...times,
  });
  const { jobs, gate } = inbox;
  return {
    inbox,
    gate,
    limited,
    times,
    steps: {
      ...inbox.steps,
      sweep: async () => inbox.sweepSteps(),
      ids: async () => inbox.steps.ids(),
      claimMs: CLAIM_MS,
    },
    source: { ...source, maxCallsPerSecond },
    now: async () => clock.now(),
    advance: clock.advance,
    jobs: {
      ids: async () => jobs.ids(),
      startable: async () => jobs.startable(),
      event: async (id) => jobs.event(id),
      park: async (id) => jobs.park(id),
      retry: async (id) => jobs.retry(id),
      finish: async (id) => jobs.finish(id),
      page: async (id) => jobs.page(id),
      remove: async (id) => jobs.remove(id),
    },
    loseEverything: async () => inbox.loseEverything(),
    close: async () => {},
  };
};

inboxContract("the inbox in memory", setup);

test("the inbox in memory keeps an event for days after its last delivery, then forgets it", async () => {
  const clock = new ManualClock();
  const inbox = new MemoryInbox({ now: clock.now });
  const one = delivery(source, "f1");
  const verdict = async () => (await inbox.accept(source, clock.now(), [one])).acceptances[0]?.verdict;
  expect(await verdict()).toBe("add");
  for (let round = 0; round < 3; round++) {
    await clock.advance(5 * DAY_MS);
    expect(await verdict()).toBe("renew");
  }
  await clock.advance(5 * DAY_MS + 1);
  expect(await verdict()).toBe("add");
});
