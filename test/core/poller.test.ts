import { describe, expect, test, vi } from "vitest";
import { pass } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { deliveryOf } from "../support/fake-source.ts";
import { isBackoff, setup } from "./poller-setup.ts";

describe("what is pulled", () => {
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

  test("is counted by what the inbox says of it", async () => {
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

  test("and was handled already goes to the confirmer, and nothing else does", async () => {
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

describe("an empty pull", () => {
  test("that really waited says that nothing was visible since it was sent", async () => {
    const { poller, source, inbox, said } = setup();
    inbox.turn.mockResolvedValueOnce(4_711);

    poller.start();
    await pass(5_010);

    expect(inbox.drained.mock.calls).toEqual([[source, 4_711]]);
    expect(inbox.accept).not.toHaveBeenCalled();
    expect(source.pulls).toHaveLength(2);
    expect(said("info")).toEqual([]);
  });

  test("tells how many handled events did not return", async () => {
    const { poller, inbox, meter, lines } = setup();
    inbox.drained.mockResolvedValueOnce(3);

    poller.start();
    await pass(5_010);

    expect(meter.total("never_returned", { source: "fake/1" })).toBe(3);
    expect(lines).toEqual([
      expect.objectContaining({
        events: 3,
        msg: "handled events did not return: their confirmations had taken effect",
      }),
    ]);
  });

  test("that did not wait says nothing, and the pause before the next grows from 100 ms to 10 s", async () => {
    const { poller, source, inbox, gaps } = setup();
    Object.assign(source, { holdMs: 0, answerMs: 0 });

    poller.start();
    await pass(60_000);

    expect(gaps().length).toBeGreaterThan(9);
    expect(isBackoff(gaps(), { firstMs: 100, mostMs: 10_000 })).toBe(true);
    expect(inbox.drained).not.toHaveBeenCalled();
  });

  test.each([
    ["something came", 0, 1],
    ["the vendor waited", 1_000, 0],
  ])("that did not wait makes short pauses again once %s", async (_, holdMs, published) => {
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
