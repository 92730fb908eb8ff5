import { expect, test } from "vitest";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { statusOf } from "../../support/status.ts";
import { setup } from "../setup.ts";

const hanging = () => new Promise<Status>(() => {});
const failing = () => Promise.reject(new Error("Connection is closed."));

test("alive is said without asking anything", async () => {
  const { ask } = await setup({ status: hanging });

  const { status, text } = await ask("/healthz");

  expect({ status, text }).toEqual({ status: 200, text: '{"alive":true}' });
});

test("ready is a 200, not ready a 503 with the problems", async () => {
  const answers = [
    statusOf(),
    statusOf({ ready: false, problems: [{ code: "pull-silent", source: "a", fact: "no pull", fix: "check it" }] }),
  ];
  const { ask } = await setup({ status: () => Promise.resolve(answers.shift() ?? statusOf()) });

  const ready = await ask("/readyz");
  const troubled = await ask("/readyz");

  expect(ready).toMatchObject({ status: 200, text: '{"ready":true,"problems":[]}' });
  expect(troubled).toMatchObject({
    status: 503,
    text: '{"ready":false,"problems":["a: no pull; check it"]}',
  });
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
