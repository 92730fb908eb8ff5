import { ReplyError } from "ioredis";
import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Beat, type Heard, LayoutError } from "../../src/ledger/replicas.ts";
import { startHeartbeat } from "../../src/worker/heartbeat.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { RecordingMeter } from "../support/recording.ts";

const NOTHING: Heard = { gone: [], isOtherRedis: false, words: 0 };

function setup({ reachable = true } = {}) {
  useFakeClock();
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const beat = vi.fn(async (_beat: Beat): Promise<Heard> => NOTHING);
  const meter = new RecordingMeter();
  const listeners: (() => void)[] = [];
  const wentBack = vi.fn(async () => {});
  const heed = vi.fn(async () => {});
  const leave = vi.fn(async () => {});
  const failed = vi.fn();
  const poller: { lastPullAt: Date | undefined } = { lastPullAt: undefined };
  const processor: { lastStartedAt: number | undefined; running: number } = { lastStartedAt: undefined, running: 0 };
  const fix = "see the log";
  const since = new Date().toISOString();
  const slow = ["a", "b"].map((source) => ({ code: "vendor-slow" as const, source, fact: "it is slow", fix, since }));
  const health = { state: "attention" as const, ready: true, problems: slow };
  const heartbeat = startHeartbeat({
    replicas: { beat, leave },
    about: { name: "host-1:7", version: "0.1.0", roles: ["pull", "work"] },
    sources: ["fake/1"],
    pollers: [poller, { lastPullAt: undefined }],
    processor,
    isReachable: () => reachable,
    onReachable: (tell) => void listeners.push(tell),
    wentBack,
    heed,
    health: async () => health,
    log,
    meter,
    failed,
  });
  onTestFinished(() => heartbeat.stop());
  return {
    heartbeat,
    beat,
    leave,
    poller,
    processor,
    lines,
    meter,
    wentBack,
    heed,
    reachableAgain: () => listeners.forEach((tell) => tell()),
    failed,
  };
}

test("a replica reports at its start and every five seconds what it does", async () => {
  const { beat, poller, processor } = setup();
  await vi.advanceTimersByTimeAsync(0);
  expect(beat.mock.calls).toEqual([
    [
      {
        name: "host-1:7",
        version: "0.1.0",
        roles: ["pull", "work"],
        sources: ["fake/1"],
        state: "attention",
        problems: ["vendor-slow"],
        running: 0,
        upMs: 0,
      },
    ],
  ]);
  await vi.advanceTimersByTimeAsync(4_000);
  poller.lastPullAt = new Date();
  processor.lastStartedAt = performance.now() - 500;
  processor.running = 3;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(beat.mock.lastCall).toMatchObject([{ running: 3, upMs: 5_000, sincePullMs: 1_000, sinceStartMs: 1_500 }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(beat).toHaveBeenCalledTimes(4);
});

test("a replica ends its heartbeat and its process if another version has taken the data over", async () => {
  const { beat, failed } = setup();
  const taken = new LayoutError("layout 2");
  beat.mockRejectedValueOnce(taken);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(failed.mock.calls).toEqual([[taken]]);
  expect(beat).toHaveBeenCalledTimes(1);
});

test("a replica goes on if a heartbeat fails, and reports replicas that have fallen silent", async () => {
  const { beat, lines } = setup();
  beat.mockRejectedValueOnce(new Error("the store is away"));
  const silent = {
    name: "host-2:9",
    version: "0.1.0",
    roles: [],
    sources: [],
    running: 1,
    state: "ready" as const,
    problems: [],
    startedAt: "",
    seenAt: "then",
  };
  await vi.advanceTimersByTimeAsync(5_000);
  beat.mockResolvedValueOnce({ ...NOTHING, gone: [silent] });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, replica: "host-2:9", seenAt: "then" }]);
});

test("a heartbeat that Redis refuses is trouble of Redis, until one succeeds", async () => {
  const { heartbeat, beat } = setup();
  await vi.advanceTimersByTimeAsync(0);
  beat.mockRejectedValueOnce(new ReplyError("OOM command not allowed when used memory > 'maxmemory'."));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heartbeat.trouble).toMatchObject({ redis: { code: "redis-full" }, since: new Date() });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heartbeat.trouble).toBeUndefined();
});

test("a replica that stops sends no more heartbeats and leaves, unless the store is away", async () => {
  const { heartbeat, beat, leave } = setup();
  await heartbeat.stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(beat).toHaveBeenCalledOnce();
  expect(leave).toHaveBeenCalledOnce();
  const away = setup({ reachable: false });
  await away.heartbeat.stop();
  expect(away.leave).not.toHaveBeenCalled();
});

test("a replica sends a heartbeat at once when the store is back", async () => {
  const { beat, reachableAgain } = setup();
  await vi.advanceTimersByTimeAsync(1_000);
  reachableAgain();
  await vi.advanceTimersByTimeAsync(0);
  expect(beat).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount(), "the pause that was cut short leaves no timer behind").toBe(1);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(beat).toHaveBeenCalledTimes(2);
});

test("the replica that notices older data repairs it until that has worked, and no other replica does", async () => {
  const { beat, wentBack } = setup();
  await vi.advanceTimersByTimeAsync(0);
  beat.mockResolvedValueOnce({ ...NOTHING, news: "told" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(wentBack).not.toHaveBeenCalled();
  beat.mockResolvedValueOnce({ ...NOTHING, news: "found" });
  wentBack.mockRejectedValueOnce(new Error("the store is away"));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(wentBack).toHaveBeenCalledTimes(2);
});

describe("a loss of data in Redis", () => {
  const loss = { from: "2026-11-29T03:00:00.250Z", until: "2026-11-29T03:10:00.750Z", cause: "restarted" as const };
  const fact =
    "Redis lost everything that was written between 2026-11-29T03:00:00Z and 2026-11-29T03:10:00Z: it was started again with older data, or another one took its place";

  test.each([
    ["found", 1],
    ["told", 0],
  ] as const)(
    "that was %s is logged once, counted by the replica that noticed it, and shown as long as it is reported",
    async (news, counted) => {
      const { heartbeat, beat, lines, meter } = setup();
      await vi.advanceTimersByTimeAsync(0);
      beat
        .mockResolvedValueOnce({ ...NOTHING, isOtherRedis: true, loss, news })
        .mockResolvedValueOnce({ ...NOTHING, loss });
      await vi.advanceTimersByTimeAsync(10_000);
      expect(heartbeat.loss).toEqual(loss);
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { level: 50, code: "redis-data-lost", ...loss, msg: fact },
      ]);
      expect(meter.total("redis_data_lost")).toBe(counted);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(heartbeat.loss).toBeUndefined();
    },
  );
});

test("another Redis with all data is logged", async () => {
  const { heartbeat, beat, lines } = setup();
  await vi.advanceTimersByTimeAsync(0);
  beat.mockResolvedValueOnce({ ...NOTHING, isOtherRedis: true });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 30, msg: expect.stringMatching(/^redis was/) },
  ]);
  expect(heartbeat.loss).toBeUndefined();
});
