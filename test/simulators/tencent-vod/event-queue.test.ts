import { expect, test } from "vitest";
import { EventQueue } from "../../../src/simulators/tencent-vod/event-queue.ts";
import { holdEvent } from "../../../src/simulators/tencent-vod/held-event.ts";
import { DEFAULT_SETTINGS } from "../../../src/simulators/tencent-vod/settings.ts";

const oldestFirst = { newestFirst: false, again: false };

test("the simulated queue keeps a duplicate's window open when the window of the original ends", () => {
  const { queue, visibleAt } = setup({ windowMs: 100 });
  queue.take(0, 16, { newestFirst: false, again: true });
  queue.take(60, 16, oldestFirst);

  expect([visibleAt(59), visibleAt(100), visibleAt(159), visibleAt(160)]).toEqual([0, 0, 0, 1]);
});

test("the simulated queue skips an event that was confirmed while it was visible", () => {
  const { queue, add } = setup();
  const [first] = queue.take(0, 16, { newestFirst: false, again: true });
  queue.confirm(first?.handle ?? "", 1);
  const other = add();

  expect(queue.take(2, 16, oldestFirst).map(({ held }) => held)).toEqual([other]);
});

test("the simulated queue closes a short window before a long one that opened earlier", () => {
  const { queue, add, set, visibleAt } = setup({ windowMs: 1000 });
  queue.take(0, 16, oldestFirst);
  set({ windowMs: 50 });
  add();
  queue.take(10, 16, oldestFirst);

  expect(queue.nextVisibleAt()).toBe(60);
  expect([visibleAt(59), visibleAt(60), visibleAt(999), visibleAt(1000)]).toEqual([0, 1, 1, 2]);
});

test("the simulated queue keeps the last 256 deliveries of an event that returns again and again", () => {
  const { queue, held } = setup({ windowMs: 10 });

  for (let now = 0; now < 3000; now += 10) {
    queue.refresh(now);
    queue.take(now, 16, oldestFirst);
  }

  expect(held.timesDelivered).toBe(300);
  expect(held.deliveries.map(({ at }) => at)).toEqual(Array.from({ length: 256 }, (_, index) => 440 + index * 10));
});

test("the simulated queue counts the retention from each event's own publication", () => {
  const { queue, add, held } = setup({ retentionMs: 100 });
  const later = add(50);

  queue.refresh(99);
  expect([held.state, later.state]).toEqual(["visible", "visible"]);
  queue.refresh(120);
  expect([held, later]).toMatchObject([{ state: "purged", purgedAt: 100 }, { state: "visible" }]);
  queue.refresh(150);
  expect(later).toMatchObject({ state: "purged", purgedAt: 150 });
  expect(queue.unconfirmed).toBe(0);
});

test("the simulated queue delivers many events in their order", () => {
  const { queue, add, held } = setup();
  const all = [held, ...Array.from({ length: 4_999 }, () => add())];

  const taken = Array.from({ length: 313 }, () => queue.take(0, 16, oldestFirst)).flat();

  expect(taken.map((one) => one.held)).toEqual(all);
});

/** A queue with one event, on a clock that is only ever told. */
function setup(changes: Partial<typeof DEFAULT_SETTINGS> = {}) {
  let settings = { ...DEFAULT_SETTINGS, ...changes };
  let made = 0;
  const queue = new EventQueue({
    settings: () => settings,
    nextHandle: () => `handle-${(made += 1)}`,
    onFinished: () => {},
  });
  const add = (publishedAt = 0) => {
    made += 1;
    const named = { id: `event-${made}`, number: made, publishedAt };
    const event = { type: "NewFileUpload", subAppId: undefined, givenHandle: undefined, members: "" };
    const held = holdEvent(named, event);
    queue.add(held);
    return held;
  };
  const visibleAt = (now: number) => {
    queue.refresh(now);
    return queue.visible;
  };
  const set = (more: Partial<typeof DEFAULT_SETTINGS>) => {
    settings = { ...settings, ...more };
  };
  return { queue, add, set, visibleAt, held: add() };
}
