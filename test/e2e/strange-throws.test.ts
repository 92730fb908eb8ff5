import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { parkedOn } from "../support/parked-jobs.ts";
import { STRANGE_THROWS } from "../support/strange-throws.ts";
import { setupWorld } from "../support/worker-process.ts";

const HANDLERS = join(import.meta.dirname, "../support/throwing-handlers.ts");

test("whatever a handler throws is tried again as usual, logged readably, and ends parked", async () => {
  const { simulator, start } = await setupWorld();
  // Repeats of a failure that was logged before are at debug.
  const worker = await start({ HANDLERS, ATTEMPTS: "2", BACKOFF_MS: "10", LOG_LEVEL: "debug" });
  const all = STRANGE_THROWS.map(([, , told]) => told).toSorted();
  for (const [what] of STRANGE_THROWS) simulator.publish("NewFileUpload", { body: { FileId: what, Throw: what } });

  const parked = await parkedOn(worker, all.length);

  expect(parked.map(({ failedReason }) => failedReason).toSorted()).toEqual(all);
  const told = (sentence: string) =>
    worker.lines().flatMap((line) => (line.msg.startsWith(sentence) ? [Told.parse(line)] : []));
  expect(told("handler failed, will try again").toSorted()).toEqual(all);
  expect(told("parked: it stays").toSorted()).toEqual(all);
  expect((await fetch(`${worker.url}/`)).status).toBe(200);
  expect(simulator.stats().unconfirmed).toBe(all.length);
  worker.send("SIGTERM");
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test("a rejected promise that a handler did not await ends no worker: it is logged with its event and shown on the event's page", async () => {
  const { folder, start, publish, simulator } = await setupWorld();
  const handlers = join(folder, "careless.mjs");
  // One event leaves the promise behind and succeeds. The other one is still open.
  await writeFile(
    handlers,
    `const late = async () => { await null; throw new Error("no space"); };
    export default [{ vendor: "*", type: "*", run: ({ event }) => {
      void late();
      if (event.body.ConcatCompleteEvent) throw new Error("busy");
    } }];`,
  );
  const worker = await start({ HANDLERS: handlers, ATTEMPTS: "1", LOG_LEVEL: "debug" });

  publish("event");
  simulator.publish("ConcatComplete");

  const [open] = await parkedOn(worker, 1);
  await vi.waitFor(() => expect(strays(worker.lines())).toHaveLength(2));
  expect(strays(worker.lines())).toContainEqual(expect.objectContaining({ id: open?.id, type: "ConcatComplete" }));
  const page = `${worker.pagesUrl}/dashboard/api/queues/events/${open?.id}`;
  await vi.waitFor(async () =>
    expect(await (await fetch(`${page}/logs`)).text()).toContain("attempt 1: a promise that"),
  );
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toMatch(/stray_rejections_total\{[^}]*type="ConcatComplete"\} 1/);
  worker.send("SIGTERM");
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test.each(["null", "new Error('null was thrown')"])(
  "an error thrown by a handler's timer, %s, stops the worker in order and is logged",
  async (thing) => {
    const { folder, start, publish, allConfirmed } = await setupWorld();
    const handlers = join(folder, "careless.mjs");
    const run = `setTimeout(() => { throw ${thing}; }, 500)`;
    await writeFile(handlers, `export default [{ vendor: "*", type: "*", run: () => void ${run} }];`);
    const worker = await start({ HANDLERS: handlers });

    publish("event");
    await allConfirmed();

    expect((await worker.line("unexpected error, stopping"))["err"]).toMatchObject({ message: "null was thrown" });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    await worker.line("stopped");
    expect(worker.lines().at(-1)?.msg).toBe("stopped");
  },
);

function strays<T extends { readonly msg: string }>(lines: readonly T[]): readonly T[] {
  return lines.filter(({ msg }) => msg.startsWith("a promise that the handler does not wait for"));
}

const Told = z.union([
  z.object({ err: z.object({ message: z.string() }) }).transform(({ err }) => err.message),
  z.object({ reason: z.string() }).transform(({ reason }) => reason),
]);
