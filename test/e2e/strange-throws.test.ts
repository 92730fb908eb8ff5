import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { parkedOn } from "../support/parked-jobs.ts";
import { STRANGE_THROWS } from "../support/strange-throws.ts";
import { setupWorld } from "../support/worker-process.ts";

const HANDLERS = join(import.meta.dirname, "../support/throwing-handlers.ts");

test("whatever handlers throw is tried as often as any failure, logged readably, and ends parked", async () => {
  const { simulator, start } = await setupWorld();
  // those of a group that was told before are at debug
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

test.each(["null", "new Error('null was thrown')"])(
  "a promise that a handler leaves behind, and that rejects with %s, stops the worker in order, which is said",
  async (thing) => {
    const { folder, start, publish, allConfirmed } = await setupWorld();
    const handlers = join(folder, "careless.mjs");
    const run = `setTimeout(() => void Promise.reject(${thing}), 500)`;
    await writeFile(handlers, `export default [{ vendor: "*", type: "*", run: () => void ${run} }];`);
    const worker = await start({ HANDLERS: handlers });

    publish("event");
    await allConfirmed();

    expect((await worker.line("unexpected error, stopping"))["err"]).toMatchObject({ message: "null was thrown" });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.lines().at(-1)?.msg).toBe("stopped");
  },
);

const Told = z.union([
  z.object({ err: z.object({ message: z.string() }) }).transform(({ err }) => err.message),
  z.object({ reason: z.string() }).transform(({ reason }) => reason),
]);
