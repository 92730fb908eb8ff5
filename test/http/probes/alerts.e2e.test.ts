import { execFile } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { createMetrics } from "../../../src/http/probes/metrics.ts";
import { startAtZero } from "../../../src/worker/zero-counters.ts";
import { findProgram } from "../../support/debian-programs.ts";
import { PROJECT } from "../../support/process.ts";
import { sourceOf, statusOf } from "../../support/status.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SOURCE = { name: "tencent-vod/1500000001", vendor: "tencent-vod" };
/** A healthy hour comes first, then the hour of the trouble. */
const HOUR = 60;

/**
 * The value of a sample at a minute of the trouble's hour. `usual` is its healthy value. Undefined: there is no sample.
 */
type Course = (minute: number, usual: number | undefined) => number | undefined;
/** By samples; `*` stands for all others. */
type Courses = Readonly<Record<string, Course>>;

const always =
  (value: number): Course =>
  () =>
    value;
const from =
  (begin: number, value: number): Course =>
  (minute, usual) =>
    minute < begin ? usual : value;
const growing =
  (perMinute: number): Course =>
  (minute) =>
    minute * perMinute;
const dropped = (type: string): string => `dropped_total{source="${SOURCE.name}",type="${type}",why="unhandled"}`;
const waiting = 'queue_events{state="waiting"}';
const failing = 'problem{code="handler-failing"}';

/** Named after the alert that they raise. */
const TROUBLES: Readonly<Record<string, Courses>> = {
  NoWorker: { "*": () => undefined },
  NotReady: { ready: always(0) },
  NeedsAttention: { [failing]: always(1) },
  EventsGetOld: { [`source_oldest_unconfirmed_seconds{source="${SOURCE.name}"}`]: (minute) => 86_000 + 60 * minute },
  EventsParked: { 'queue_events{state="parked"}': from(30, 1) },
  "EventsDropped, of a known type": { [dropped("NewFileUpload")]: from(30, 1) },
  "EventsDropped, of a type that nobody knew": { [dropped("Unheard")]: from(30, 1) },
  QueueFull: { [waiting]: always(10_000) },
  "CallbacksRefused, the first of all": { 'callbacks_total{vendor="zegocloud",outcome="forged"}': from(55, 1) },
  "CallbacksPileUp, by number": { callbacks_waiting: always(15_100), [waiting]: always(15_100) },
  "CallbacksPileUp, by bytes": { callbacks_waiting_bytes: always(130_000_000) },
  HandlersCrash: { crashes_total: from(50, 5) },
  NeverReturned: { [`never_returned_total{source="${SOURCE.name}"}`]: growing(3) },
};

const HARMLESS: Readonly<Record<string, Courses>> = {
  "a healthy hour": {},
  "a restart in two minutes": {
    ready: (minute) => (minute < 57 ? 1 : 0),
    "*": (minute, usual) => (minute === 55 || minute === 56 ? undefined : usual),
  },
  "a problem of ten minutes": { [failing]: (minute) => (minute > 49 ? 1 : 0) },
  "one crash": { crashes_total: from(50, 1) },
  "what an earlier hour counted": { [dropped("NewFileUpload")]: from(-50, 7), crashes_total: from(-50, 9) },
  "callbacks that are taken": { 'callbacks_total{vendor="zegocloud",outcome="taken"}': growing(100) },
  "a full queue that is worked off": { [waiting]: (minute) => (minute < 50 ? 10_000 : 10) },
};

beforeAll(async () => {
  await findProgram("promtool");
});

test("each trouble fires its own alert and no other, and a healthy hour fires none", async () => {
  const folder = await tempFolder();
  await copyFile(join(PROJECT, "docs/alerts.yml"), join(folder, "alerts.yml"));
  const healthy = await samples();
  const cases = [
    ...Object.entries(TROUBLES).map(([name, courses]) => ({ name, courses, alerts: [name.split(",")[0] ?? ""] })),
    ...Object.entries(HARMLESS).map(([name, courses]) => ({ name, courses, alerts: [] })),
  ];
  const tests = cases.map(({ name, courses, alerts }) => ({
    name,
    interval: "1m",
    input_series: seriesOf(healthy, courses),
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: `${2 * HOUR - 1}m`,
        exp_samples: alerts.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
      },
    ],
  }));
  await writeFile(
    join(folder, "tests.yml"),
    stringify({ rule_files: ["alerts.yml"], evaluation_interval: "1m", tests }),
  );

  expect(await promtool(["check", "rules", "alerts.yml"], folder)).toContain("SUCCESS");
  expect(await promtool(["test", "rules", "tests.yml"], folder)).toContain("SUCCESS");

  const rules = [...(await readFile(join(PROJECT, "docs/alerts.yml"), "utf8")).matchAll(/alert: (\w+)/g)].map(
    ([, name]) => name,
  );
  expect(new Set(cases.flatMap(({ alerts }) => alerts))).toEqual(new Set(rules));
});

/** The samples of a healthy worker, by their names without the common prefix. */
async function samples(): Promise<ReadonlyMap<string, number>> {
  const queue = { waiting: 3, running: 2, delayed: 1, parked: 0, completed: 50, paused: false, maxWaiting: 10_000 };
  const { meter, text } = createMetrics({
    status: async () => statusOf({ queue, sources: [sourceOf({ name: SOURCE.name })] }),
  });
  startAtZero(meter, {
    sources: [SOURCE],
    receivers: [{ source: "zegocloud", vendor: "zegocloud" }],
    takesCallbacks: true,
    handlers: [{ vendor: SOURCE.vendor, type: "NewFileUpload" }],
  });
  const lines = [...(await text()).matchAll(/^reliable_callback_(\w+(?:\{.*\})?) (\S+)$/gm)];
  return new Map(lines.map(([, sample = "", value]) => [sample, Number(value)]));
}

function seriesOf(healthy: ReadonlyMap<string, number>, { "*": others, ...courses }: Courses) {
  const names = new Set([...healthy.keys(), ...Object.keys(courses)]);
  return [...names].map((name) => {
    const usual = healthy.get(name);
    const course = courses[name] ?? others ?? (() => usual);
    const values = Array.from({ length: 2 * HOUR }, (_, minute) => course(minute - HOUR, usual) ?? "_");
    const labels = name.endsWith("}") ? `${name.slice(0, -1)},instance="a"}` : `${name}{instance="a"}`;
    return {
      series: `reliable_callback_${labels}`,
      values: values.join(" "),
    };
  });
}

async function promtool(args: readonly string[], cwd: string): Promise<string> {
  const { path, env } = await findProgram("promtool");
  const said = await promisify(execFile)(path, args, { cwd, env: { ...process.env, ...env } });
  return `${said.stdout}${said.stderr}`;
}
