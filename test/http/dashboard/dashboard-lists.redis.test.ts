import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CANARY_ID } from "../../../src/core/canary.ts";
import { filled } from "../filled.ts";
import { setup } from "../setup.ts";

const API = "/dashboard/api/queues/events";

test("bull-board lists events by type, and shows no button that would be refused", async () => {
  const { ask } = await filled();

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

describe("bull-board's lists need limited memory, whatever is asked for:", () => {
  test("a page has at most a hundred events, and the next page continues it", async () => {
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

  test("bodies beyond 4 MiB in sum are left out, and every event is still listed", async () => {
    const list = await filledWith(30, { body: "x".repeat(1024 * 1024) });

    const { text } = await list("jobsPerPage=100");

    expect(text.length).toBeLessThan(5 * 1024 * 1024);
    expect(listed(text).jobs).toHaveLength(30);
    expect(listed(text).jobs.at(-1)?.data).toEqual({ leftOut: expect.stringContaining("open the event") });
  });

  test("only states that events can have are listed", async () => {
    const list = await filledWith(1, {});

    const { statuses } = listed((await list("")).text);

    expect(statuses).toEqual(["latest", "active", "waiting", "completed", "failed", "delayed"]);
  });
});

test("the canary is neither counted nor listed, and has no page", async () => {
  const { queue, ask } = await filled();
  await queue.add(CANARY_ID, {}, { jobId: CANARY_ID });

  const { text } = await ask("/dashboard/api/queues?activeQueue=events&status=waiting");

  expect(listed(text).ids).toEqual(["e-waiting"]);
  expect(JSON.parse(text)).toMatchObject({ queues: [{ counts: { waiting: 1, active: 1, completed: 1, failed: 1 } }] });
  expect((await ask(`${API}/${CANARY_ID}`)).status).toBe(404);
  expect((await ask(`${API}/e-waiting`)).status).toBe(200);
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
