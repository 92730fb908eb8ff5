import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { SECRETS } from "../../src/config/all-settings.ts";
import { TERMS } from "../../src/core/health.ts";
import { EVENT_STATES } from "../../src/core/event-states.ts";
import { LOGGED_CODES, PROBLEM_CODES } from "../../src/core/problems.ts";
import { RECORD_STATES } from "../../src/ledger/states.ts";
import { createMetrics } from "../../src/http/probes/metrics.ts";
import { PROJECT } from "../support/process.ts";
import { REDIS_TROUBLES } from "../support/redis-troubles.ts";
import { sourceOf, statusOf } from "../support/status.ts";
import { documentOf, quoted, read } from "./documents.ts";

const settings = documentOf("docs/settings.md");
const Rule = z.object({
  alert: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.string() }),
  annotations: z.object({ summary: z.string(), fix: z.string() }),
});
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) });
const metrics = documentOf("docs/metrics.md").rows("Metrics and alerts");

test("every row of docs/promises.md names a test that exists", () => {
  const cells = documentOf("docs/promises.md")
    .rows("What it promises")
    .flatMap((row) => row.slice(2));
  const named = cells.filter((cell) => /\]\(\.\.\/test\/[^)]+\) "[^"]+"$/.test(cell));
  expect(named.length).toBe(cells.filter((cell) => cell.includes("](")).length);
  expect(named.length).toBeGreaterThan(25);
});

test("docs/settings.md has a row with the default for each setting, and no other", () => {
  const rows = settings.rows("Settings").filter(([name]) => name?.startsWith("`"));
  const told = rows.map(([name = "", value = ""]) => [quoted(name)[0], quoted(value)[0] ?? ""]);
  const example = parseEnv(read(".env.example").replaceAll(/^#(?=[A-Z_]+=)/gm, ""));
  expect(Object.fromEntries(told)).toEqual(example);
  expect(told).toHaveLength(Object.keys(example).length);
});

test("docs/settings.md names every secret that may be in a file, and no other", () => {
  const [told = ""] = /^Secrets may stand in files: .*$/m.exec(settings.prose) ?? [];
  expect(new Set(quoted(told).filter((name) => !name.includes("_FILE=")))).toEqual(new Set(SECRETS));
});

test("docs/metrics.md lists every metric, and no other", async () => {
  const everything = statusOf({ sources: [sourceOf({ backlog: 1 })] });
  const text = await createMetrics({ status: async () => everything }).text();
  const known = [...text.matchAll(/^# TYPE reliable_callback_(\w+)/gm)].map(([, name]) => name);
  const told = metrics.flatMap(([names = ""]) => quoted(names));
  expect(new Set(told)).toEqual(new Set(known));
});

test("docs/alerts.yml uses only metrics that exist", () => {
  const used = [...read("docs/alerts.yml").matchAll(/reliable_callback_(\w+)/g)].map(([, name]) => name);
  const told = new Set(metrics.flatMap(([names = ""]) => quoted(names)));
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => name === undefined || !told.has(name))).toEqual([]);
});

test("docs/metrics.md describes the alerts as docs/alerts.yml defines them", () => {
  const { groups } = Rules.parse(parse(read("docs/alerts.yml")));
  const rules = groups.flatMap((group) => group.rules);
  expect(documentOf("docs/metrics.md").rows("Alerts").slice(1)).toEqual(
    rules.map(({ alert, annotations, labels, ...rule }) => [
      `\`${alert}\``,
      annotations.summary,
      rule.for ?? "at once",
      labels.severity,
    ]),
  );
});

test("docs/operating.md names every problem code, and no other", () => {
  const { rows, prose } = documentOf("docs/operating.md");
  const told = rows("Readiness").flatMap(([, code = ""]) => quoted(code));
  const logged: readonly string[] = LOGGED_CODES;
  const named = quoted(prose).filter((word) => word === "confirm-failing" || logged.includes(word));
  expect(new Set([...told, ...named])).toEqual(new Set([...PROBLEM_CODES, ...LOGGED_CODES]));
});

test("docs/operating.md gives each problem the state that the worker gives it", () => {
  const rows = documentOf("docs/operating.md").rows("Readiness");
  const told = rows.flatMap(([, code = "", state = ""]) => quoted(code).map((name) => [name, state]));
  const states = new Map(Object.entries(TERMS).map(([code, { state }]) => [code, state.replace("-", " ")]));
  expect(told.filter(([code = "", state]) => states.has(code) && states.get(code) !== state)).toEqual([]);
});

test("docs/reliability.md lists the tested Redis troubles with their codes", () => {
  const rows = documentOf("docs/reliability.md").rows("Redis in trouble").slice(1);
  expect(rows.map(([name, code]) => [name, code])).toEqual(
    REDIS_TROUBLES.map(({ name, code }) => [name, `\`${code}\``]),
  );
});

test("docs/operating.md lists the states of an event in their order", () => {
  const rows = documentOf("docs/operating.md").rows("States of an event");
  expect(rows.flatMap(([state = ""]) => quoted(state))).toEqual(EVENT_STATES);
});

test("docs/how-it-works.md lists the states of a record in their order", () => {
  const rows = documentOf("docs/how-it-works.md").rows("How it works");
  expect(rows.flatMap(([state = ""]) => quoted(state))).toEqual(RECORD_STATES);
});

test("docs/operating.md quotes problems in the worker's own words", () => {
  const told = documentOf("docs/operating.md")
    .rows("Readiness")
    .flatMap(([problem = ""]) => quoted(problem));
  const source = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => read(join("src", path)))
    .join("\n");
  const others = new Set(["allow this key the action", "check TENCENTCLOUD_SECRET_"]);
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((words) => !source.includes(words) && !others.has(words))).toEqual([]);
  expect(source).toContain("allow this key the action vod:");
  expect(source).toMatch(/key\("TENCENTCLOUD_SECRET_KEY: /);
});
