import { spawn } from "node:child_process";
import { text as readAll } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import { createMetrics } from "../../../src/http/probes/metrics.ts";
import { findProgram } from "../../support/debian-programs.ts";
import { statusOf } from "../../support/status.ts";

beforeAll(async () => {
  await findProgram("promtool");
});

test("promtool finds no fault in the metrics", async () => {
  const { meter, text } = createMetrics({ status: async () => statusOf() });
  meter.count("deliveries", { source: "tencent-vod/1500000001", verdict: "add" });
  meter.observe("handler_ms", { source: "tencent-vod", type: 'a "type"\n' }, 2_500);
  const { path, env } = await findProgram("promtool");
  const promtool = spawn(path, ["check", "metrics"], { env: { ...process.env, ...env } });

  promtool.stdin.end(await text());

  // The names that begin with `nodejs_` are those of prom-client, and some break its rules.
  const said = `${await readAll(promtool.stdout)}${await readAll(promtool.stderr)}`.split("\n");
  expect(said.filter((line) => line !== "" && !line.startsWith("nodejs_"))).toEqual([]);
});
