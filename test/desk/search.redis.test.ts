import { expect, test } from "vitest";
import { addCommonOptions, eventOf } from "../../src/queue/jobs.ts";
import { commandsOf, countedRedis } from "../support/commands.ts";
import { setup, source } from "./history-setup.ts";

/** The history keeps only its beginning. */
const LONG_ERROR = `disk full: ${"x".repeat(300)} on Shelf-7`;

test("open events are found by subject and by their whole error, in any case, parked ones too", async () => {
  const { deliver, run, find, retry } = setup();
  await deliver("Again-1");
  const { event } = await run(LONG_ERROR);
  await deliver("Parked-1");
  await run(LONG_ERROR);
  await retry(event.id);
  await deliver("Fresh-1");
  const subjectsOf = async (text: string) => (await find(text)).flatMap(({ subjects }) => subjects).toSorted();

  expect(await subjectsOf("shelf-7")).toEqual(["Parked-1"]);
  expect(await subjectsOf("AGAIN-1")).toEqual(["Again-1"]);
  expect(await subjectsOf("fresh-1 shelf-7")).toEqual([]);
  expect(await subjectsOf(`source:${source.name} type:NewFileUpload`)).toEqual(["Again-1", "Fresh-1", "Parked-1"]);
});

test("an event between two attempts is found by its whole error", async () => {
  const { deliver, next, inbox, find } = setup();
  await deliver("f1");
  const job = await next();
  await inbox.ran(eventOf(job), {}, { ranForMs: 1, error: LONG_ERROR });
  addCommonOptions(job);
  await job.moveToFailed(new Error(LONG_ERROR), "test");

  expect(await find("state:delayed shelf-7")).toHaveLength(1);
  expect(await find("state:delayed shelf-8")).toEqual([]);
});

test("events that lack a word cost no look at their jobs", async () => {
  const { redis: counted, anyKeys } = await countedRedis();
  const { redis, deliver, run, find } = setup({ redis: counted, keys: anyKeys() });
  for (const file of ["f1", "f2", "f3"]) await deliver(file);
  for (let n = 0; n < 2; n += 1) await run("no");

  const { scripts } = await commandsOf(redis, () => find("nowhere"));

  // Only the list of the parked ones takes a script.
  expect(scripts).toHaveLength(1);
  expect(await find("f3")).toHaveLength(1);
});

test("a subject beyond ASCII is found, open and finished", async () => {
  const { deliver, finish, find } = setup();
  await finish("影片-B");
  await deliver("影片-A");
  expect(await find("影片-a")).toHaveLength(1);
  expect(await find("影片-b state:confirmed")).toHaveLength(1);
  expect(await find("影片-c")).toEqual([]);
});
