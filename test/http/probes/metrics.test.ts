import { expect, onTestFinished, test, vi } from "vitest";
import { createMetrics } from "../../../src/http/probes/metrics.ts";
import { sourceOf, statusOf } from "../../support/status.ts";

const away = () => new Promise<never>(() => {});

function setup(status = () => Promise.resolve(statusOf())) {
  const metrics = createMetrics({ status });
  const lines = async (part: string) => (await metrics.text()).split("\n").filter((line) => line.includes(part));
  return { ...metrics, lines };
}

test("counters end in _total and have their labels", async () => {
  const { meter, lines } = setup();

  meter.count("deliveries", { source: "tencent-vod", verdict: "add" }, 3);
  meter.count("deliveries", { source: "tencent-vod", verdict: "add" });
  meter.count("crashes", {});

  expect(await lines("deliveries_total{")).toEqual([
    'reliable_callback_deliveries_total{source="tencent-vod",verdict="add"} 4',
  ]);
  expect(await lines("crashes_total 1")).toHaveLength(1);
});

test("durations are given in seconds", async () => {
  const { meter, lines } = setup();

  meter.observe("handler_ms", { source: "tencent-vod", type: "NewFileUpload" }, 2_500);

  const labels = 'source="tencent-vod",type="NewFileUpload"';
  expect(await lines("handler_seconds_sum")).toEqual([`reliable_callback_handler_seconds_sum{${labels}} 2.5`]);
  expect(await lines('le="1",')).toEqual([`reliable_callback_handler_seconds_bucket{le="1",${labels}} 0`]);
  expect(await lines('le="5",')).toEqual([`reliable_callback_handler_seconds_bucket{le="5",${labels}} 1`]);
});

test("a flood of event types does not become a flood of time series", async () => {
  const { meter, lines } = setup();

  for (let i = 0; i < 1_000; i++) meter.count("handled", { source: "tencent-vod", type: `Type${i}` });
  meter.count("handled", { source: "tencent-vod", type: "Type0" });

  expect(await lines("handled_total{")).toHaveLength(201);
  expect(await lines('type="other"')).toEqual([
    'reliable_callback_handled_total{source="tencent-vod",type="other"} 800',
  ]);
  expect(await lines('type="Type0"')).toEqual(['reliable_callback_handled_total{source="tencent-vod",type="Type0"} 2']);
});

test("a type with quotes and line breaks becomes one escaped label", async () => {
  const { meter, lines } = setup();

  meter.count("handled", { source: "tencent-vod", type: 'a"} 1\nforged 1' });

  expect(await lines("forged")).toEqual([
    String.raw`reliable_callback_handled_total{source="tencent-vod",type="a\"} 1\nforged 1"} 1`,
  ]);
});

test("a count with undeclared labels breaks nothing", async () => {
  const { meter, lines } = setup();

  meter.count("confirmed", { source: "tencent-vod", colour: "red" });

  expect(await lines("confirmed_total{")).toEqual(['reliable_callback_confirmed_total{source="tencent-vod"} 1']);
});

test("the status becomes gauges, one per source where it has sources", async () => {
  const lastPullAt = new Date(Date.now() - 60_000).toISOString();
  const source = sourceOf({ name: "alibaba-vod/mns", lastPullAt, backlog: 12, oldestUnconfirmedMs: 1_500 });
  const { lines, text } = setup(() => Promise.resolve(statusOf({ sources: [sourceOf(), source] })));

  expect(await lines("alibaba-vod/mns")).toEqual([
    'reliable_callback_source_unconfirmed{source="alibaba-vod/mns"} 7',
    'reliable_callback_source_handled{source="alibaba-vod/mns"} 1',
    'reliable_callback_source_forgotten{source="alibaba-vod/mns"} 0',
    'reliable_callback_source_oldest_unconfirmed_seconds{source="alibaba-vod/mns"} 1.5',
    'reliable_callback_source_retention_seconds{source="alibaba-vod/mns"} 345600',
    'reliable_callback_source_backlog{source="alibaba-vod/mns"} 12',
    expect.stringMatching(/last_pull_age_seconds\{source="alibaba-vod\/mns"\} 6\d(\.\d+)?$/),
    'reliable_callback_source_failing{source="alibaba-vod/mns"} 0',
  ]);
  expect(await text()).toContain('\nreliable_callback_queue_events{state="parked"} 4\n');
  expect(await text()).toContain("\nreliable_callback_ready 1\n");
  expect(await text()).toContain("\nprocess_cpu_seconds_total ");
});

test("a gauge whose value is unknown is absent, not stale", async () => {
  const known = statusOf();
  const { queue: _, ...withoutQueue } = { ...known, redis: { reachable: false }, ready: false };
  const answers = [known, withoutQueue];
  const { text } = setup(() => Promise.resolve(answers.shift() ?? withoutQueue));

  const before = await text();
  const after = await text();

  expect(before).toContain("reliable_callback_queue_events{");
  expect(after).not.toContain("reliable_callback_queue_events{");
  expect(after).toContain("\nreliable_callback_redis_reachable 0\n");
});

test("/metrics answers while Redis is away: not ready, without the other gauges", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { meter, text } = setup(away);
  meter.count("confirmed", { source: "tencent-vod" });

  const answer = text();
  await vi.advanceTimersByTimeAsync(2_000);
  const scraped = await answer;

  expect(scraped).toContain('reliable_callback_confirmed_total{source="tencent-vod"} 1');
  expect(scraped).toContain("\nreliable_callback_ready 0\n");
  expect(scraped).not.toContain("reliable_callback_redis_reachable");
});

test("/metrics answers if the status fails", async () => {
  const { text } = setup(() => Promise.reject(new Error("Connection is closed.")));

  expect(await text()).toContain("\nreliable_callback_ready 0\n");
});
