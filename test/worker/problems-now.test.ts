import { expect, test } from "vitest";
import { sourceProblems, storeProblems } from "../../src/worker/problems-now.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { sourceOf } from "../support/status.ts";

test("confirmations without any answer for a minute are a problem", async () => {
  useFakeClock();
  const confirmer = { trouble: undefined, waitingSince: performance.now() };
  await pass(60_000);
  expect(sourceProblems(sourceOf(), confirmer)).toEqual([]);
  await pass(1_000);
  expect(sourceProblems(sourceOf(), confirmer)).toMatchObject([{ code: "confirm-silent" }]);
  expect(sourceProblems(sourceOf(), { trouble: undefined, waitingSince: undefined })).toEqual([]);
});

test("a success that cannot be stored for 15 s is a problem", async () => {
  useFakeClock();
  const processor = { storingSince: performance.now() };
  await pass(15_000);
  expect(storeProblems(processor)).toEqual([]);
  await pass(1_000);
  expect(storeProblems(processor)).toMatchObject([{ code: "not-stored" }]);
  expect(storeProblems({ storingSince: undefined })).toEqual([]);
  expect(storeProblems(undefined)).toEqual([]);
});
