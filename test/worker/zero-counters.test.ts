import { expect, test } from "vitest";
import { createMetrics } from "../../src/http/probes/metrics.ts";
import { startAtZero } from "../../src/worker/zero-counters.ts";
import { statusOf } from "../support/status.ts";

test("counters with known labels are exported as 0 before the first count", async () => {
  const { meter, text } = createMetrics({ status: async () => statusOf() });

  startAtZero(meter, {
    sources: [{ name: "tencent-vod", vendor: "tencent-vod" }],
    receivers: [{ source: "zegocloud", vendor: "zegocloud" }],
    takesCallbacks: true,
    handlers: [
      { vendor: "tencent-vod", type: "NewFileUpload" },
      { vendor: "zegocloud", type: "*" },
    ],
  });
  meter.count("confirmed", { source: "tencent-vod" });

  const lines = (await text()).split("\n");
  for (const series of [
    'deliveries_total{source="tencent-vod",verdict="add"} 0',
    'deliveries_total{source="tencent-vod",verdict="skip",why="no-room"} 0',
    'calls_total{source="tencent-vod",action="confirm",outcome="outage"} 0',
    'receipts_dead_total{source="tencent-vod"} 0',
    'never_returned_total{source="tencent-vod"} 0',
    'callbacks_total{vendor="zegocloud",outcome="forged"} 0',
    'confirmed_total{source="tencent-vod"} 1',
    'handled_total{source="tencent-vod",type="NewFileUpload"} 0',
    'attempts_failed_total{source="tencent-vod",type="NewFileUpload"} 0',
    'stray_rejections_total{source="tencent-vod",type="NewFileUpload"} 0',
    'parked_total{source="tencent-vod",type="NewFileUpload"} 0',
    'dropped_total{source="tencent-vod",type="NewFileUpload",why="unhandled"} 0',
  ])
    expect(lines).toContain(`reliable_callback_${series}`);
  expect(lines.filter((line) => line.includes('handled_total{source="zegocloud"'))).toEqual([]);
});
