import { expect, test } from "vitest";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { awakeMs } from "../../support/awake-time.ts";
import { statusOf } from "../../support/status.ts";
import { setup } from "../setup.ts";

const hanging = () => new Promise<Status>(() => {});
const failing = () => Promise.reject(new Error("Connection is closed."));

test("/healthz answers without asking Redis", async () => {
  const { ask } = await setup({ status: hanging });

  const { status, text } = await ask("/healthz");

  expect({ status, text }).toEqual({ status: 200, text: '{"alive":true}' });
});

test("/readyz answers 200 for ready and attention and 503 for not ready, with all problems", async () => {
  const since = "2026-01-01T00:00:00.000Z";
  const silent = { code: "pull-silent", source: "a", fact: "no pull", fix: "check it", since } as const;
  const growing = { code: "parked-growing", fact: "more are parked", fix: "see why", since } as const;
  const answers = [statusOf(), statusOf({ problems: [growing] }), statusOf({ problems: [silent, growing] })];
  const { ask } = await setup({ status: () => Promise.resolve(answers.shift() ?? statusOf()) });

  const ready = await ask("/readyz");
  const attention = await ask("/readyz");
  const troubled = await ask("/readyz");

  expect([ready, attention, troubled].map(({ status, text }) => [status, JSON.parse(text)])).toEqual([
    [200, { state: "ready", ready: true, problems: [] }],
    [200, { state: "attention", ready: true, problems: [growing] }],
    [503, { state: "not-ready", ready: false, problems: [silent, growing] }],
  ]);
});

test("/readyz answers 503 within two seconds if the status hangs, however many ask", async () => {
  let asked = 0;
  const { ask } = await setup({ status: () => (asked++, hanging()) });

  const took = await awakeMs(async () => {
    for (const { status, text } of await Promise.all([ask("/readyz"), ask("/readyz"), ask("/readyz")])) {
      expect(status).toBe(503);
      expect(text).toContain("status takes too long: Redis away?");
    }
  });

  expect(took).toBeLessThan(2_000);
  expect(asked).toBe(1);
});

test("/readyz uses a status of a few seconds ago while the next one takes its time", async () => {
  const { promise } = Promise.withResolvers<Status>();
  const answers = [Promise.resolve(statusOf()), promise];
  const { ask } = await setup({ status: () => answers.shift() ?? promise });

  expect(await ask("/readyz")).toMatchObject({ status: 200 });
  expect(await ask("/readyz")).toMatchObject({ status: 200 });
  await expect.poll(() => ask("/readyz")).toMatchObject({ status: 503 });
});

test("/readyz answers 503 if the status fails, and only the log has the cause", async () => {
  const { ask, lines } = await setup({ status: failing });

  const { status, text } = await ask("/readyz");

  expect(status).toBe(503);
  expect(text).toContain("the log says why");
  expect(text).not.toContain("Connection is closed");
  expect(lines.join("")).toContain("Connection is closed.");
});

test("/metrics answers everybody in Prometheus' format", async () => {
  const { ask } = await setup({ dashboard: { user: "operator", password: "secret" } });

  const { status, headers, text } = await ask("/metrics", { headers: { host: "worker.internal:3000" } });

  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text).toContain("\nreliable_callback_ready 1\n");
});

test("a process without pages serves probes and metrics and nothing else", async () => {
  const { ask } = await setup({ pages: undefined });

  expect(await ask("/healthz")).toMatchObject({ status: 200 });
  expect(await ask("/")).toMatchObject({ status: 404, text: "Nothing here.\n" });
  expect(await ask("/dashboard")).toMatchObject({ status: 404 });
  expect(await ask("/status.json")).toMatchObject({ status: 404 });
});

test("an unknown path is a plain 404", async () => {
  const { ask } = await setup();

  expect(await ask("/wp-login.php")).toMatchObject({ status: 404, text: "Nothing here.\n" });
});
