import { appRoutes } from "@bull-board/api/dist/routes.js";
import type { Queue } from "bullmq";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CANARY_ID } from "../../../src/core/canary.ts";
import { DAY_MS, filled } from "../filled.ts";
import { setup } from "../setup.ts";

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

/** Everything about the queue that a refused request must leave as it was. */
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

describe("what would lose or forge events is refused", () => {
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

  test("a paused queue is no more open to it", async () => {
    const { queue, change } = await board();
    await queue.pause();
    const before = await contents(queue);

    expect(await change("PUT", `${API}/obliterate`, { force: true })).toMatchObject({ status: 403 });
    expect(await change("PUT", `${API}/empty`)).toMatchObject({ status: 403 });

    expect(await contents(queue)).toEqual(before);
  });

  test("removing points to discard, with a reason", async () => {
    const { change } = await board();

    const { text } = await change("PUT", `${API}/e-failed/clean`);

    expect(text).toContain("discard it with a reason on the overview page");
  });

  test("an event that is not there is refused, not removed", async () => {
    const { change } = await board();

    expect(await change("PUT", `${API}/e-unknown/clean`)).toMatchObject({ status: 403 });
    expect(await change("PUT", "/dashboard/api/queues/other/e-failed/clean")).toMatchObject({ status: 403 });
  });

  test("no change that bull-board offers goes unconsidered", () => {
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

describe("what helps an operator works", () => {
  test("retrying a parked event", async () => {
    const { queue, change } = await board();

    expect((await change("PUT", `${API}/e-failed/retry`)).status).toBeLessThan(300);

    expect(await (await queue.getJob("e-failed"))?.getState()).toBe("waiting");
  });

  test("retrying all parked events", async () => {
    const { queue, change } = await board();

    expect(await change("PUT", `${API}/retry/failed`)).toMatchObject({ status: 200 });

    expect(await queue.getFailedCount()).toBe(0);
    expect(await queue.getWaitingCount()).toBe(2);
  });

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

test("the list names events by their type, without buttons for what is refused", async () => {
  const { ask } = await board();

  const { text } = await ask("/dashboard/api/queues?activeQueue=events&status=failed");

  expect(JSON.parse(text)).toMatchObject({
    queues: [
      {
        name: "events",
        displayName: "events",
        allowRetries: true,
        allowCompletedRetries: false,
        jobs: [{ id: "e-failed", name: "FileDeleted", failedReason: "the file service answered 500" }],
      },
    ],
  });
});

describe("a list fits into memory, whatever is asked for", () => {
  test("no page has more than a hundred events, and the next one goes on where it ends", async () => {
    const list = await filledWith(150, {});

    const first = listed((await list("jobsPerPage=100000")).text);
    const second = listed((await list("jobsPerPage=100000&page=2")).text);

    expect(first.jobs).toHaveLength(100);
    expect(first.pagination).toEqual({ pageCount: 2 });
    expect(new Set([...first.ids, ...second.ids]).size).toBe(150);
  });

  test.each(["page=1e300", "page=9007199254740991&jobsPerPage=9007199254740991"])(
    "%s is an empty page",
    async (query) => {
      const list = await filledWith(1, {});

      const { status, text } = await list(query);

      expect(status).toBe(200);
      expect(listed(text).jobs).toEqual([]);
    },
  );

  test("bodies are left out where they add up to more than 4 MiB, and each event is still there", async () => {
    const list = await filledWith(30, { body: "x".repeat(1024 * 1024) });

    const { text } = await list("jobsPerPage=100");

    expect(text.length).toBeLessThan(5 * 1024 * 1024);
    expect(listed(text).jobs).toHaveLength(30);
    expect(listed(text).jobs.at(-1)?.data).toEqual({ leftOut: expect.stringContaining("open the event") });
  });

  test("it names only the states that events have", async () => {
    const list = await filledWith(1, {});

    const { statuses } = listed((await list("")).text);

    expect(statuses).toEqual(["latest", "active", "waiting", "completed", "failed", "delayed"]);
  });
});

test("the canary is neither counted nor listed, and has no page", async () => {
  const { queue, ask } = await board();
  await queue.add(CANARY_ID, {}, { jobId: CANARY_ID });

  const { text } = await ask("/dashboard/api/queues?activeQueue=events&status=waiting");

  expect(listed(text).ids).toEqual(["e-waiting"]);
  expect(JSON.parse(text)).toMatchObject({ queues: [{ counts: { waiting: 1, active: 1, completed: 1, failed: 1 } }] });
  expect((await ask(`${API}/${CANARY_ID}`)).status).toBe(404);
  expect((await ask(`${API}/e-waiting`)).status).toBe(200);
});

test("the board and its files are there, with and without the slash", async () => {
  const { ask } = await setup();

  const { status, text } = await ask("/dashboard");
  const script = /static\/js\/main\.[0-9a-f]+\.js/.exec(text)?.[0];

  expect(status).toBe(200);
  expect(await ask("/dashboard/")).toMatchObject({ status: 302, headers: { location: "/dashboard" } });
  expect(await ask("/dashboard/queue/events?status=failed")).toMatchObject({ status: 200 });
  expect(await ask(`/dashboard/${script}`)).toMatchObject({ status: 200 });
  expect(await ask("/dashboard/static/../../package.json")).toMatchObject({ status: 400 });
});

test("an error of the board is a plain sentence outside and whole in the log", async () => {
  const { queue, ask, lines } = await setup();
  await queue.close();
  queue.getJobCounts = () => Promise.reject(new Error("connect ECONNREFUSED 10.1.2.3:6379"));

  const { status, text } = await ask("/dashboard/api/queues");

  expect(status).toBe(500);
  expect(text).not.toContain("10.1.2.3");
  expect(lines.join("")).toContain("connect ECONNREFUSED 10.1.2.3:6379");
});

async function filledWith(count: number, data: object) {
  const { queue, ask } = await setup();
  const jobs = Array.from({ length: count }, (_, n) => ({ name: "NewFileUpload", data, opts: { jobId: `e-${n}` } }));
  await queue.addBulk(jobs);
  return (query: string) => ask(`/dashboard/api/queues?activeQueue=events&status=waiting&${query}`);
}

function listed(text: string) {
  const list = z.object({
    statuses: z.array(z.string()),
    pagination: z.object({ pageCount: z.number() }),
    jobs: z.array(z.object({ id: z.string(), data: z.unknown() })),
  });
  const [queue] = z.object({ queues: z.tuple([list]) }).parse(JSON.parse(text)).queues;
  return { ...queue, ids: queue.jobs.map(({ id }) => id) };
}
