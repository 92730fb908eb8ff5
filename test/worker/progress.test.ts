import { expect, onTestFinished, test, vi } from "vitest";
import { PROGRESS_TERMS } from "../../src/core/progress.ts";
import { watchProgress } from "../../src/worker/progress.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";

function setup() {
  useFakeClock();
  const queue = { startable: 2, started: 5 };
  const rebuild = vi.fn();
  const failed = vi.fn();
  const meter = new RecordingMeter();
  const { log, lines } = recordingLog();
  const startable = vi.fn(async () => queue.startable);
  const worker = { started: () => queue.started, hasPlace: () => true, rebuild };
  const watch = watchProgress({ startable, worker, terms: PROGRESS_TERMS, log, meter, failed });
  onTestFinished(() => watch.stop());
  const codes = (): readonly string[] => watch.problems().map(({ code }) => code);
  return { queue, startable, rebuild, failed, meter, lines, watch, codes };
}

test("a queue worker that starts nothing is rebuilt, which is logged, counted, and shown for ten minutes", async () => {
  const { queue, rebuild, failed, meter, lines, codes } = setup();
  await pass(15_000);
  expect(rebuild).toHaveBeenCalledOnce();
  expect(meter.total("worker_rebuilt")).toBe(1);
  expect(lines).toMatchObject([{ level: 40, code: "worker-rebuilt", waiting: 2 }]);
  expect(codes()).toEqual(["worker-rebuilt"]);

  queue.started += 1;
  queue.startable = 0;
  await pass(600_000);
  expect(codes()).toEqual(["worker-rebuilt"]);
  await pass(1_500);
  expect(codes()).toEqual([]);
  expect(rebuild).toHaveBeenCalledOnce();
  expect(failed).not.toHaveBeenCalled();
});

test("after two rebuilds without effect the process is not ready and is asked once to end", async () => {
  const { rebuild, failed, codes } = setup();
  await pass(43_500);
  expect(codes()).toEqual(["worker-rebuilt"]);
  await pass(1_500);
  expect(rebuild).toHaveBeenCalledTimes(2);
  expect(codes()).toEqual(["nothing-starts", "worker-rebuilt"]);
  const because = expect.stringMatching(/^jobs wait \(2\), and none has started for 45 s/);
  expect(failed.mock.calls).toEqual([[expect.objectContaining({ message: because })]]);
  await pass(60_000);
  expect(failed).toHaveBeenCalledOnce();
});

test("the queue worker is not rebuilt while Redis is away or takes no writes", async () => {
  const { startable, rebuild, codes } = setup();
  startable.mockRejectedValue(new Error("OOM"));
  await pass(120_000);
  expect(rebuild).not.toHaveBeenCalled();
  expect(codes()).toEqual([]);
});

test("the watch over the queue worker does nothing after it is stopped", async () => {
  const { watch, rebuild } = setup();
  watch.stop();
  await pass(60_000);
  expect(rebuild).not.toHaveBeenCalled();
});
