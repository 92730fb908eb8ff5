import { expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass, standing } from "../support/fake-clock.ts";
import { setup } from "./poller-setup.ts";

const inTime = (): AbortSignal => new AbortController().signal;

test("stopping the poller sends no new pull, and accepts the answer of the running one", async () => {
  const { poller, source, accepted, confirm } = setup();
  source.publish(3);
  poller.start();
  await pass(5);

  const stopped = poller.stop(inTime());
  expect(await standing(stopped)).toBe("pending");
  await pass(5);

  expect(await standing(stopped)).toBe("resolved");
  expect(accepted()).toEqual(["r0", "r1", "r2"]);
  expect(confirm).not.toHaveBeenCalled();
  source.publish(3);
  await pass(60_000);
  expect(source.pulls).toHaveLength(1);
});

test("stopping the poller waits for all parallel pulls, and a full one starts no more", async () => {
  const { poller, source, accepted } = setup();
  source.publish(16 * 100);
  poller.start();
  await pass(55);
  expect(source.running).toBe(8);
  const before = source.pulls.length;

  const stopped = poller.stop(inTime());
  await pass(10);

  expect(await standing(stopped)).toBe("resolved");
  expect(source.pulls).toHaveLength(before);
  expect(accepted()).toHaveLength(before * 16);
});

test.each([
  [
    "after a failure",
    (source: Setup["source"]) => Object.assign(source.failing, { pull: new VendorError("clock", "no") }),
  ],
  ["after an empty answer", (source: Setup["source"]) => Object.assign(source, { holdMs: 0 })],
])("stopping the poller ends the pause %s early", async (_, prepare) => {
  const { poller, source } = setup();
  prepare(source);
  poller.start();
  await pass(10);

  expect(await standing(poller.stop(inTime()))).toBe("resolved");
  expect(source.pulls).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("stopping the poller ends the pause for want of room early", async () => {
  const { poller, source, inbox } = setup();
  inbox.place.mockResolvedValue({ isFree: false, askAgainMs: 250 });
  poller.start();
  await pass(10);

  expect(await standing(poller.stop(inTime()))).toBe("resolved");
  expect(source.pulls).toHaveLength(0);
});

test("stopping the poller while it waits for its turn sends no pull", async () => {
  const { poller, source, inbox } = setup();
  const turn = Promise.withResolvers<number>();
  inbox.turn.mockReturnValueOnce(turn.promise);
  poller.start();

  const stopped = poller.stop(inTime());
  expect(await standing(stopped)).toBe("pending");
  turn.resolve(0);

  expect(await standing(stopped)).toBe("resolved");
  expect(source.pulls).toEqual([]);
});

test("stopping the poller with an aborted signal ends the running pull at once, and that is no failure", async () => {
  const { poller, source, said } = setup();
  poller.start();
  await pass(100);

  const stopped = poller.stop(AbortSignal.abort());

  expect(await standing(stopped)).toBe("resolved");
  expect(source.pulls[0]?.signal?.aborted).toBe(true);
  expect(source.running).toBe(0);
  expect(said("info", "warn", "error")).toEqual([]);
  expect(poller.trouble).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

test("the running pull ends when the time for stopping is over", async () => {
  const { poller, source, said } = setup();
  poller.start();
  await pass(100);
  const end = new AbortController();

  const stopped = poller.stop(end.signal);
  await pass(1_000);
  expect(await standing(stopped)).toBe("pending");
  expect(source.pulls[0]?.signal?.aborted).toBe(false);
  end.abort();

  expect(await standing(stopped)).toBe("resolved");
  expect(source.running).toBe(0);
  expect(said("info", "warn", "error")).toEqual([]);
});

test.each(["turn", "accept"] as const)(
  "stopping the poller ends in time, even if the store hangs at its %s",
  async (step) => {
    const { poller, source, inbox } = setup();
    inbox[step].mockImplementation((): Promise<never> => new Promise(() => {}));
    source.publish(1);
    poller.start();
    await pass(100);
    const end = new AbortController();

    const stopped = poller.stop(end.signal);
    expect(await standing(stopped)).toBe("pending");
    end.abort();

    expect(await standing(stopped)).toBe("resolved");
  },
);

test("stopping the poller twice, or before its start, does no harm", async () => {
  const { poller, source } = setup();

  expect(await standing(poller.stop(inTime()))).toBe("resolved");
  expect(await standing(poller.stop(inTime()))).toBe("resolved");
  expect(source.pulls).toEqual([]);
});

type Setup = ReturnType<typeof setup>;

test("stopping the poller during an outage does not report that the outage is over", async () => {
  const { poller, source, inbox, said } = setup();
  const turn = Promise.withResolvers<number>();
  source.failing.pull = new VendorError("outage", "no answer");
  poller.start();
  await pass(10);
  inbox.turn.mockReturnValue(turn.promise);
  await pass(10_000);

  const stopped = poller.stop(inTime());
  turn.resolve(0);
  await stopped;

  expect(said("info")).toEqual([]);
  expect(poller.trouble).toMatchObject({ message: "no answer" });
});
