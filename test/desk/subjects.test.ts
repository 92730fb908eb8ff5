import { expect, test } from "vitest";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { sample, types } from "../../src/testing/samples.ts";
import { VENDORS } from "../../src/vendors/index.ts";

const subjectsOf = createSubjectsOf(new Map(VENDORS.map(({ name, subjects }) => [name, subjects])));

test.for([
  ["tencent-vod", "NewFileUpload"],
  ["alibaba-vod", "TranscodeComplete"],
  ["aws-mediaconvert", "COMPLETE"],
] as const)("an event of %s can be found by the ids in its body", ([vendor, type]) => {
  const { body } = sample(vendor, type);
  const subjects = subjectsOf(vendor, body);
  expect(subjects).not.toEqual([]);
  expect(JSON.stringify(body)).toContain(subjects[0]);
});

test("most types of each vendor have a subject", () => {
  for (const name of ["tencent-vod", "alibaba-vod", "zegocloud", "aws-mediaconvert"] as const) {
    const all = types(name);
    const without = all.filter((type) => subjectsOf(name, sample(name, type).body).length === 0);
    expect(without.length, `${name}: ${without.join(", ")}`).toBeLessThan(all.length / 3);
  }
});

test("the subjects near the top of a body come first, each once, at most eight", () => {
  const files = Array.from({ length: 20 }, (_, index) => ({ FileId: `f${index}` }));
  const body = { deep: { list: files }, TaskId: "t1", again: { TaskId: "t1" }, FileId: 17 };
  expect(subjectsOf("tencent-vod", body)).toEqual(["t1", "17", "f0", "f1", "f2", "f3", "f4", "f5"]);
});

test("only the beginning of a large body is searched for subjects, and long texts are no ids", () => {
  const list = Array.from({ length: 2_000 }, () => 1);
  const body = { TaskId: "x".repeat(129), FileId: "f1", list, tail: { TaskId: "t1" } };
  expect(subjectsOf("tencent-vod", body)).toEqual(["f1"]);
});

test("an event of an unknown vendor has no subjects", () => {
  expect(subjectsOf("newcloud", { FileId: "f1" })).toEqual([]);
});
