import { expect, test } from "vitest";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { sample, types } from "../../src/testing/samples.ts";
import { VENDORS } from "../../src/vendors/index.ts";

const subjectsOf = createSubjectsOf(new Map(VENDORS.map(({ name, subjects }) => [name, subjects])));

test.for([
  ["tencent-vod", "NewFileUpload"],
  ["alibaba-vod", "TranscodeComplete"],
  ["aws-mediaconvert", "COMPLETE"],
] as const)("an event of %s can be looked for by its ids", ([vendor, type]) => {
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

test("those near the top come first, each once, and never more than eight", () => {
  const files = Array.from({ length: 20 }, (_, index) => ({ FileId: `f${index}` }));
  const body = { deep: { list: files }, TaskId: "t1", again: { TaskId: "t1" }, FileId: 17 };
  expect(subjectsOf("tencent-vod", body)).toEqual(["t1", "17", "f0", "f1", "f2", "f3", "f4", "f5"]);
});

test("a large body is read at its beginning only, and long texts are no ids", () => {
  const list = Array.from({ length: 2_000 }, () => 1);
  const body = { TaskId: "x".repeat(129), FileId: "f1", list, tail: { TaskId: "t1" } };
  expect(subjectsOf("tencent-vod", body)).toEqual(["f1"]);
});

test("an unknown vendor's have none", () => {
  expect(subjectsOf("newcloud", { FileId: "f1" })).toEqual([]);
});
