import { expect } from "vitest";
import { delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** The lines and progress that attempts write to their event's page. */
export function pageContract(setup: InboxSetup): void {
  scenario(
    "lines and progress of attempts stand on the event's page, whether they fail or succeed",
    setup,
    async (t) => {
      const event = await t.added(delivery(t.source, "f1"));
      expect(await t.inbox.ran(event, { lines: ["one", "two ☕"], progress: "50" })).toBe(false);
      expect(await t.jobs.page(event.id)).toEqual({ lines: ["one", "two ☕"], progress: 50 });
      await t.inbox.mark(event, true, 0, { lines: ["three"], progress: '{"done":["a"]}' });
      expect(await t.jobs.page(event.id)).toEqual({ lines: ["one", "two ☕", "three"], progress: { done: ["a"] } });
      expect(await t.inbox.ran(event, { lines: ["four"] })).toBe(true);
    },
  );

  scenario("only the last lines are kept, up to 4 kB, and the last word about progress", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const lines = ["a", "b", "c", "d", "e"].map((letter) => letter.repeat(1_000));
    await t.inbox.ran(event, { lines, progress: "1" });
    expect((await t.jobs.page(event.id)).lines.map(([letter]) => letter)).toEqual(["b", "c", "d", "e"]);
    await t.inbox.ran(event, { lines: Array.from({ length: 60 }, (_, n) => `${n}`) });
    const page = await t.jobs.page(event.id);
    expect(page.lines).toEqual(Array.from({ length: 50 }, (_, n) => `${n + 10}`));
    expect(page.progress).toBe(1);
  });

  scenario("nothing is written of an event that has no job", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(event.id);
    await t.jobs.remove(event.id);
    expect(await t.inbox.ran(event, { lines: ["one"], progress: "1" })).toBe(false);
    await t.inbox.mark(event, true, 0, { lines: ["two"], progress: "2" });
    expect(await t.jobs.page(event.id)).toEqual({ lines: [], progress: undefined });
    expect(await t.jobs.ids()).toEqual([]);
  });
}
