import { expect, onTestFinished, test, vi } from "vitest";
import { problems } from "../../src/core/problems.ts";
import type { Swept } from "../../src/ledger/sweep.ts";
import { startWatch } from "../../src/worker/watch.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { FakeSource } from "../support/fake-source.ts";
import { recordingLog } from "../support/recording.ts";

function setup(first: Swept) {
  useFakeClock();
  const { log, lines, said } = recordingLog();
  const sweep = vi.fn(async (): Promise<Swept> => ({ ended: 0, forgotten: 0 }));
  sweep.mockResolvedValueOnce(first);
  const watch = startWatch({
    sources: [new FakeSource()],
    counts: async () => ({ unconfirmed: 0, handled: 0, forgotten: first.forgotten }),
    sweep,
    checkRedis: async () => [],
    findings: () => [],
    log,
    failed: () => {},
  });
  onTestFinished(() => watch.stop());
  return { lines, said, sweep };
}

test("events that their vendor has forgotten are reported once, with what to do", async () => {
  const { lines, sweep } = setup({ ended: 0, forgotten: 3 });

  await vi.advanceTimersByTimeAsync(200_000);

  expect(sweep.mock.calls.length).toBeGreaterThan(3);
  const { code, fact, fix } = problems.eventsForgotten("fake/1", 3);
  expect(lines.filter((line) => line["code"] === code)).toMatchObject([
    { source: "fake/1", events: 3, fix, msg: fact },
  ]);
});

test("the first look at a source comes after a second, so that its vendor's library is not loaded before", async () => {
  const { sweep } = setup({ ended: 0, forgotten: 0 });

  await vi.advanceTimersByTimeAsync(900);
  expect(sweep).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(sweep).toHaveBeenCalledOnce();
});

test("handled events whose records expired are only a warning", async () => {
  const { said } = setup({ ended: 2, forgotten: 0 });

  await vi.advanceTimersByTimeAsync(200_000);

  expect(said("warn").filter((text) => text.startsWith("handled events are no longer tracked"))).toHaveLength(1);
  expect(said("error")).toEqual([]);
});
