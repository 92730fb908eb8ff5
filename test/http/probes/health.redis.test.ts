import { expect, test } from "vitest";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { statusOf } from "../../support/status.ts";
import { setup } from "../setup.ts";

const hanging = () => new Promise<Status>(() => {});
const failing = () => Promise.reject(new Error("Connection is closed."));

test("/healthz answers without asking Redis", async () => {
  const { ask } = await setup({ status: hanging });

  const { status, text } = await ask("/healthz");

  expect({ status, text }).toEqual({ status: 200, text: '{"alive":true}' });
});

test("ready and attention are a 200, not ready a 503, each with the problems", async () => {
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

test("a status that hangs makes probes answer 503 within two seconds, however many ask", async () => {
  let asked = 0;
  const { ask } = await setup({ status: () => (asked++, hanging()) });
  const before = performance.now();

  const answers = await Promise.all([ask("/readyz"), ask("/readyz"), ask("/readyz")]);

  expect(performance.now() - before).toBeLessThan(2_000);
  for (const { status, text } of answers) {
    expect(status).toBe(503);
    expect(text).toContain("status takes too long: Redis away?");
  }
  expect(asked).toBe(1);
});

test("a status that could be read seconds ago is good enough while the next one takes its time", async () => {
  const { promise } = Promise.withResolvers<Status>();
  const answers = [Promise.resolve(statusOf()), promise];
  const { ask } = await setup({ status: () => answers.shift() ?? promise });

  expect(await ask("/readyz")).toMatchObject({ status: 200 });
  expect(await ask("/readyz")).toMatchObject({ status: 200 });
  await expect.poll(() => ask("/readyz"), { timeout: 10_000 }).toMatchObject({ status: 503 });
});

test("a status that fails is not ready, and the reason goes to the log only", async () => {
  const { ask, lines } = await setup({ status: failing });

  const { status, text } = await ask("/readyz");

  expect(status).toBe(503);
  expect(text).toContain("the log says why");
  expect(text).not.toContain("Connection is closed");
  expect(lines.join("")).toContain("Connection is closed.");
});

test("metrics are served as Prometheus wants them, to anyone", async () => {
  const { ask } = await setup({ dashboard: { user: "operator", password: "secret" } });

  const { status, headers, text } = await ask("/metrics", { headers: { host: "worker.internal:3000" } });

  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text).toContain("\nreliable_callback_ready 1\n");
});

test("a process without pages serves health and nothing else", async () => {
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
