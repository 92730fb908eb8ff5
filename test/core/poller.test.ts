import { describe, expect, test, vi } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { pass } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { deliveryOf } from "../support/fake-source.ts";
import { isBackoff, setup } from "./poller-setup.ts";

describe("a pulled event", () => {
  test("is accepted with the inbox's time from before the request", async () => {
    const { poller, source, inbox } = setup();
    inbox.turn.mockResolvedValueOnce(4_711);
    source.publish(2);

    poller.start();
    await pass(10);

    expect(inbox.turn).toHaveBeenCalledWith(source, "pull");
    expect(inbox.accept.mock.calls).toEqual([[source, 4_711, [deliveryOf("r0"), deliveryOf("r1")]]]);
  });

  test("is followed by the next pull at once", async () => {
    const { poller, source, gaps } = setup();

    poller.start();
    source.publish(1);
    await pass(10);
    source.publish(1);
    await pass(10);
    source.publish(1);
    await pass(10);

    expect(gaps()).toEqual([10, 10, 10]);
    expect(source.pulls.map(({ max }) => max)).toEqual([16, 16, 16, 16]);
  });

  test("is accepted before the next pull is sent", async () => {
    const { poller, source, inbox } = setup();
    const stored = Promise.withResolvers<Awaited<ReturnType<typeof inbox.accept>>>();
    inbox.accept.mockReturnValueOnce(stored.promise);
    source.publish(1);

    poller.start();
    await pass(60_000);
    expect(source.pulls).toHaveLength(1);
    stored.resolve({ acceptances: [{ verdict: "add", id: "ev-r0" }], handled: 0 });
    await pass(0);

    expect(source.pulls).toHaveLength(2);
  });

  test("is counted by the inbox's verdict", async () => {
    const { poller, source, inbox, meter } = setup();
    inbox.accept.mockResolvedValueOnce({
      acceptances: [
        { verdict: "add", id: "ev-1" },
        { verdict: "skip", why: "twin" },
        { verdict: "renew", id: "ev-3" },
        { verdict: "add", id: "ev-4" },
      ],
      handled: 0,
    });
    source.publish(4);

    poller.start();
    await pass(10);

    const total = (verdict: string) => meter.total("deliveries", { source: "fake/1", verdict });
    expect([total("add"), total("skip"), total("renew"), total("park")]).toEqual([2, 1, 1, 0]);
    expect(meter.total("calls", { source: "fake/1", action: "pull", outcome: "ok" })).toBe(1);
    expect(meter.observed).toEqual([{ name: "pull_ms", labels: { source: "fake/1" }, ms: 10 }]);
  });

  test("that was handled already goes to the confirmer, and nothing else does", async () => {
    const { poller, source, inbox, confirm } = setup({ parked: "confirm" });
    const confirmation = confirmationOf("r1");
    inbox.accept.mockResolvedValueOnce({
      acceptances: [
        { verdict: "add", id: "ev-r0" },
        { verdict: "confirm", id: "ev-r1", confirmation },
        { verdict: "renew", id: "ev-r2" },
        { verdict: "skip", why: "twin" },
      ],
      handled: 1,
    });
    source.publish(4);

    poller.start();
    await pass(10);

    expect(confirm.mock.calls).toEqual([[confirmation]]);
    expect(inbox.mark).not.toHaveBeenCalled();
  });
});

describe("a short pull", () => {
  test("of a vendor that fills its answers reports once a second, while handled events are open, which events were not visible", async () => {
    const { poller, source, inbox, answerAll } = setup();
    Object.assign(source, { fills: true });
    answerAll({ verdict: "renew", id: "ev" }, 1);
    inbox.turn.mockResolvedValue(4_711);

    poller.start();
    for (let n = 0; n < 25; n++) {
      source.publish(15);
      await pass(100);
    }

    expect(inbox.quiet.mock.calls).toEqual(
      Array.from({ length: 3 }, () => [source, { pull: "p", sent: 4_711, isEmpty: false }]),
    );
  });

  test.each([
    ["of a vendor that may hold visible events back", {}, 1, 15],
    ["while nothing is handled", { fills: true }, 0, 15],
    ["that is full", { fills: true }, 1, 16],
  ])("reports nothing %s", async (_, terms, handled, count) => {
    const { poller, source, inbox, answerAll } = setup();
    Object.assign(source, terms);
    answerAll({ verdict: "renew", id: "ev" }, handled);

    poller.start();
    source.publish(count);
    await pass(50);

    expect(inbox.accept).toHaveBeenCalled();
    expect(inbox.quiet).not.toHaveBeenCalled();
  });

  test.each([1, 16])("that proves nothing, as %i more events showed, is logged", async (count) => {
    const { poller, source, inbox, said } = setup();
    inbox.accept.mockResolvedValueOnce({
      acceptances: Array.from({ length: count }, () => ({ verdict: "renew", id: "ev" })),
      handled: 1,
      isUnfilled: true,
    });

    poller.start();
    source.publish(count);
    await pass(10);

    expect(said("warn")).toEqual([
      "the vendor holds visible events back: for a day only empty answers count as a sign that an event stayed away",
    ]);
  });
});

describe("a pull", () => {
  const stale = { acceptances: [{ verdict: "skip", why: "stale" }], handled: 0 } as const;

  test.each([
    ["with an answer that came too late to be believed", stale, true],
    ["that was taken in", { acceptances: [{ verdict: "renew", id: "ev" }], handled: 0 } as const, false],
  ])("%s is reported as lost, or as taken in", async (_, accepted, isLost) => {
    const { poller, source, inbox } = setup();
    const end = vi.fn();
    inbox.place.mockResolvedValueOnce({ isFree: true, most: 16, pull: "p", end });
    inbox.accept.mockResolvedValueOnce(accepted);

    poller.start();
    source.publish(1);
    await pass(10);

    expect(end.mock.calls).toEqual([[isLost]]);
  });

  test("whose turn came too late for its reserved room is not sent", async () => {
    const { poller, source, inbox } = setup();
    inbox.turn.mockImplementationOnce(async () => {
      await sleep(10_001);
      return 1;
    });

    poller.start();
    await pass(10_000);
    expect(source.pulls).toEqual([]);
    await pass(10);

    expect(inbox.place).toHaveBeenCalledTimes(2);
    expect(source.pulls).toHaveLength(1);
  });
});

describe("an empty pull", () => {
  test("for which the vendor waited reports that no event was visible since it was sent", async () => {
    const { poller, source, inbox, said } = setup();
    inbox.turn.mockResolvedValueOnce(4_711);

    poller.start();
    await pass(5_010);

    expect(inbox.quiet.mock.calls).toEqual([[source, { pull: "p", sent: 4_711, isEmpty: true }]]);
    expect(inbox.accept).not.toHaveBeenCalled();
    expect(source.pulls).toHaveLength(2);
    expect(said("info")).toEqual([]);
  });

  test("reports how many handled events did not return", async () => {
    const { poller, inbox, meter, lines } = setup();
    inbox.quiet.mockResolvedValueOnce(3);

    poller.start();
    await pass(5_010);

    expect(meter.total("never_returned", { source: "fake/1" })).toBe(3);
    expect(lines).toEqual([
      expect.objectContaining({
        events: 3,
        msg: "confirmed after all: these handled events did not come back",
      }),
    ]);
  });

  test("for which the vendor did not wait reports nothing, and the next pause grows from 100 ms to 10 s", async () => {
    const { poller, source, inbox, gaps } = setup();
    Object.assign(source, { holdMs: 0, answerMs: 0 });

    poller.start();
    await pass(60_000);

    expect(gaps().length).toBeGreaterThan(9);
    expect(isBackoff(gaps(), { firstMs: 100, mostMs: 10_000 })).toBe(true);
    expect(inbox.quiet).not.toHaveBeenCalled();
  });

  test.each([
    ["something came", 0, 1],
    ["the vendor waited", 1_000, 0],
  ])("for which the vendor did not wait makes short pauses again once %s", async (_, holdMs, published) => {
    const { poller, source, gaps } = setup();
    vi.spyOn(Math, "random").mockReturnValue(1);
    source.holdMs = 0;
    poller.start();
    await pass(745);
    expect(gaps().map((gap) => gap - source.answerMs)).toEqual([100, 200, 400]);

    source.holdMs = holdMs;
    source.publish(published);
    await pass(810 + holdMs);
    source.holdMs = 0;
    await pass(745);

    expect(
      gaps()
        .slice(3)
        .map((gap) => gap - source.answerMs),
    ).toEqual([800, holdMs, 100, 200, 400]);
  });
});
