import { appRoutes } from "@bull-board/api/dist/routes.js";
import type { Queue } from "bullmq";
import { describe, expect, test } from "vitest";
import { createKeys } from "../../../src/ledger/keys.ts";
import { createRan } from "../../../src/ledger/leave.ts";
import { setupRedis } from "../../support/redis.ts";
import { DAY_MS, filled } from "../filled.ts";
import { PASSWORD, setup, SIGNED_IN } from "../setup.ts";

const STATES = ["waiting", "active", "delayed", "failed", "completed"] as const;
const here = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

const API = "/dashboard/api/queues/events";

async function board() {
  const { queue, ask } = await filled();
  const change = async (method: string, path: string, body: unknown = {}) => {
    const sent = JSON.stringify(body);
    return await ask(path, { method, headers: { ...here, "content-length": `${sent.length}` }, body: sent });
  };
  return { queue, ask, change, before: await contents(queue) };
}

/** The state of the queue, which a refused request must not change. */
async function contents(queue: Queue) {
  const jobs = await Promise.all(
    STATES.map(async (state) =>
      (await queue.getJobs([state])).map(({ id, name, data, delay, priority }) => ({
        state,
        id,
        name,
        data,
        delay,
        priority,
      })),
    ),
  );
  return { jobs: jobs.flat(), meta: await queue.getMeta(), schedulers: await queue.getJobSchedulersCount() };
}

describe("bull-board's actions that would lose or forge events are refused:", () => {
  const later = Date.now() + 1_000;
  test.each([
    ["adding or duplicating", "POST", "/add", { name: "NewFileUpload", data: {}, options: {} }],
    ["emptying the queue", "PUT", "/empty", {}],
    ["obliterating the queue", "PUT", "/obliterate", { force: true }],
    ...["failed", "wait", "waiting", "active", "delayed", "paused", "prioritized", "latest"].map(
      (state) => [`cleaning ${state} events`, "PUT", `/clean/${state}`, {}] as const,
    ),
    ...["failed", "waiting", "active", "delayed"].map(
      (state) => [`removing a ${state} event`, "PUT", `/e-${state}/clean`, {}] as const,
    ),
    ["editing an event", "PATCH", "/e-failed/update-data", { jobData: { forged: true } }],
    ["rescheduling", "PATCH", "/e-delayed/delay", { runAt: later }],
    ["changing the priority", "PATCH", "/e-waiting/priority", { priority: 5 }],
    ["running completed events again", "PUT", "/retry/completed", {}],
    ["retrying all parked events", "PUT", "/retry/failed", {}],
    ["running a completed event again", "PUT", "/e-completed/retry", {}],
    ["limiting the concurrency", "PUT", "/concurrency", { concurrency: 1 }],
    ["limiting the rate", "PUT", "/rate-limit", { max: 1, duration: 1_000 }],
    ["releasing the rate limit", "PUT", "/rate-limit/release", {}],
    ["removing a scheduler", "PUT", "/job-schedulers/any/remove", {}],
    ["running a scheduler", "PUT", "/job-schedulers/any/run", {}],
    ["editing a scheduler", "PATCH", "/job-schedulers/any", { every: 1_000 }],
    ["removing children", "PUT", "/e-waiting/remove-unprocessed-children", {}],
  ] as const)("%s", async (_what, method, path, body) => {
    const { queue, change, before } = await board();

    const { status, text } = await change(method, API + path, body);

    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ message: expect.stringMatching(/^Refused: /) });
    expect(await contents(queue)).toEqual(before);
  });

  test("on a paused queue too", async () => {
    const { queue, change } = await board();
    await queue.pause();
    const before = await contents(queue);

    expect(await change("PUT", `${API}/obliterate`, { force: true })).toMatchObject({ status: 403 });
    expect(await change("PUT", `${API}/empty`)).toMatchObject({ status: 403 });

    expect(await contents(queue)).toEqual(before);
  });

  test("Retry all, with a message that points to the desk, which retries every event", async () => {
    const { change } = await board();

    const { text } = await change("PUT", `${API}/retry/failed`);

    expect(text).toContain("bull-board would retry the newest 100 only");
    expect(text).toContain("The desk (/) retries each event of a cause once, the oldest first.");
  });

  test("Remove, with a message that points to Discard with a reason", async () => {
    const { change } = await board();

    const { text } = await change("PUT", `${API}/e-failed/clean`);

    expect(text).toContain("discard it with a reason on the desk");
  });

  test("an event that does not exist", async () => {
    const { change } = await board();

    expect(await change("PUT", `${API}/e-unknown/clean`)).toMatchObject({ status: 403 });
    expect(await change("PUT", "/dashboard/api/queues/other/e-failed/clean")).toMatchObject({ status: 403 });
  });

  test("each change that bull-board offers has a rule that allows or refuses it", () => {
    const changes = appRoutes.api
      .filter(({ method }) => method !== "get")
      .map(({ method, route }) => `${String(method)} ${String(route)}`);

    expect(changes.toSorted()).toMatchInlineSnapshot(`
      [
        "patch /api/queues/:queueName/:jobId/delay",
        "patch /api/queues/:queueName/:jobId/priority",
        "patch /api/queues/:queueName/:jobId/update-data",
        "patch /api/queues/:queueName/job-schedulers/:schedulerId",
        "post /api/queues/:queueName/add",
        "put /api/queues/:queueName/:jobId/clean",
        "put /api/queues/:queueName/:jobId/promote",
        "put /api/queues/:queueName/:jobId/remove-unprocessed-children",
        "put /api/queues/:queueName/:jobId/retry",
        "put /api/queues/:queueName/clean/:queueStatus",
        "put /api/queues/:queueName/concurrency",
        "put /api/queues/:queueName/empty",
        "put /api/queues/:queueName/job-schedulers/:schedulerId/remove",
        "put /api/queues/:queueName/job-schedulers/:schedulerId/run",
        "put /api/queues/:queueName/obliterate",
        "put /api/queues/:queueName/pause",
        "put /api/queues/:queueName/promote",
        "put /api/queues/:queueName/rate-limit",
        "put /api/queues/:queueName/rate-limit/release",
        "put /api/queues/:queueName/resume",
        "put /api/queues/:queueName/retry/:queueStatus",
        "put /api/queues/pause",
        "put /api/queues/resume",
      ]
    `);
  });
});

describe("bull-board's actions that help an operator work:", () => {
  test("retrying a parked event", async () => {
    const { queue, change } = await board();

    expect((await change("PUT", `${API}/e-failed/retry`)).status).toBeLessThan(300);

    expect(await (await queue.getJob("e-failed"))?.getState()).toBe("waiting");
  });

  test.each(["retry", "promote"])(
    "a %s, which is done by the desk's code, so that the event's history names the person",
    async (action) => {
      const { ask, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
      const change = { method: "PUT", headers: { ...here, authorization: SIGNED_IN } };

      expect(await ask(`${API}/e-parked/${action}`, change)).toMatchObject({ status: 204 });
      expect(await ask(`${API}/e-unknown/${action}`, change)).not.toMatchObject({ status: 204 });
      expect(await ask(`/dashboard/api/queues/other/e-parked/${action}`, change)).not.toMatchObject({ status: 204 });

      const person = "operator, 127.0.0.1";
      expect(pages.retry.mock.calls).toEqual([
        ["e-parked", person],
        ["e-unknown", person],
      ]);
    },
  );

  test("running a delayed event now, one or all", async () => {
    const { queue, change } = await board();
    await queue.add("NewFileUpload", {}, { jobId: "e-delayed-2", delay: DAY_MS });

    expect((await change("PUT", `${API}/e-delayed/promote`)).status).toBeLessThan(300);
    expect(await queue.getDelayedCount()).toBe(1);
    expect((await change("PUT", `${API}/promote`)).status).toBeLessThan(300);

    expect(await queue.getDelayedCount()).toBe(0);
  });

  test("cleaning and removing completed events", async () => {
    const { queue, change } = await board();

    expect(await change("PUT", `${API}/clean/completed`)).toMatchObject({ status: 200 });
    expect(await change("PUT", `${API}/e-completed/clean`)).toMatchObject({ status: 204 });

    expect(await queue.getCompletedCount()).toBe(0);
    expect(await queue.getFailedCount()).toBe(1);
  });

  test("pausing and resuming", async () => {
    const { queue, change } = await board();

    expect(await change("PUT", `${API}/pause`)).toMatchObject({ status: 200 });
    expect(await queue.isPaused()).toBe(true);
    expect(await change("PUT", "/dashboard/api/queues/resume")).toMatchObject({ status: 200 });

    expect(await queue.isPaused()).toBe(false);
  });
});

test("bull-board and its files are served with and without the trailing slash", async () => {
  const { ask } = await setup();

  const { status, text } = await ask("/dashboard");
  const script = /static\/js\/main\.[0-9a-f]+\.js/.exec(text)?.[0];

  expect(status).toBe(200);
  expect(await ask("/dashboard/")).toMatchObject({ status: 302, headers: { location: "/dashboard" } });
  expect(await ask("/dashboard/queue/events?status=failed")).toMatchObject({ status: 200 });
  expect(await ask(`/dashboard/${script}`)).toMatchObject({ status: 200 });
  expect(await ask("/dashboard/static/../../package.json")).toMatchObject({ status: 400 });
});

test("an error in bull-board is answered with one sentence and logged in full", async () => {
  const { queue, ask, lines } = await setup();
  await queue.close();
  queue.getJobCounts = () => Promise.reject(new Error("connect ECONNREFUSED 10.1.2.3:6379"));

  const { status, text } = await ask("/dashboard/api/queues");

  expect(status).toBe(500);
  expect(text).not.toContain("10.1.2.3");
  expect(lines.join("")).toContain("connect ECONNREFUSED 10.1.2.3:6379");
});

test("bull-board's page of an event shows its handler's last log lines and progress", async () => {
  const { queue, ask } = await board();
  const { redis } = setupRedis();
  const ran = createRan(redis, createKeys(String(queue.opts.prefix).slice(1, -1)));
  await ran({ id: "e-failed", fingerprint: "f", source: "s" }, { lines: ["attempt 1 info: copied"], progress: "50" });

  const logs = await ask(`${API}/e-failed/logs`);
  const page = await ask(`${API}/e-failed`);

  expect(JSON.parse(logs.text)).toEqual(["attempt 1 info: copied"]);
  expect(JSON.parse(page.text)).toMatchObject({ job: { progress: 50 } });
});
