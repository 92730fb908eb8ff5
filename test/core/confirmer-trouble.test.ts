import { expect, test } from "vitest";
import { NotReplicatedError, VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./confirmer-setup.ts";

const outage = new VendorError("outage", "no answer");
const denied = new VendorError("configuration", "not allowed", { fix: "allow vod:ConfirmEvents" });

test("a confirmation failure that a person must fix is logged once, as an error with the fix", async () => {
  const { confirmer, addMany, source, lines, said } = setup();
  const began = Date.now();
  source.failing.confirm = denied;

  for (let n = 0; n < 20; n++) {
    addMany(16);
    await pass(1_000);
  }

  expect(said("warn", "error")).toEqual(["nothing can be confirmed, will go on trying"]);
  expect(lines).toEqual([expect.objectContaining({ level: 50, source: "fake/1", fix: "allow vod:ConfirmEvents" })]);
  expect(confirmer.trouble).toEqual({
    message: "not allowed",
    fix: "allow vod:ConfirmEvents",
    since: new Date(began + source.answerMs),
  });
});

test("a confirmation failure that heals by itself is reported as trouble as long as it lasts", async () => {
  const { confirmer, addMany, source } = setup();
  source.failing.confirm = outage;
  expect(confirmer.trouble).toBeUndefined();

  addMany(16);
  await pass(5_000);
  expect(confirmer.trouble).toMatchObject({ message: "no answer" });
  delete source.failing.confirm;
  await pass(5_000);

  expect(confirmer.trouble).toBeUndefined();
});

test("when the confirmer's trouble changes its kind, the new kind is logged, and it keeps its start time", async () => {
  const { confirmer, addMany, source, said } = setup();
  const began = Date.now();
  source.failing.confirm = outage;
  addMany(16);
  await pass(5_000);

  source.failing.confirm = denied;
  await pass(10_000);

  expect(said("error")).toEqual(["nothing can be confirmed, will go on trying"]);
  expect(confirmer.trouble).toMatchObject({ message: "not allowed", since: new Date(began + source.answerMs) });
});

test("a refused receipt is an answer too, and ends the confirmer's trouble", async () => {
  const { confirmer, addMany, source } = setup();
  source.failNext("confirm", outage);
  source.dead.add("r0");

  addMany(1);
  await pass(215);
  expect(confirmer.trouble).toBeDefined();
  await pass(1_000);

  expect(confirmer.trouble).toBeUndefined();
});

test("the confirmer's trouble is dropped when nothing was tried for two windows, since others may confirm by now", async () => {
  const { confirmer, addMany, source, said } = setup();
  source.failing.confirm = denied;
  addMany(16);
  await pass(40_000);
  expect(confirmer.trouble).toBeDefined();

  await pass(65_000);
  expect(confirmer.trouble).toBeUndefined();
  addMany(16);
  await pass(1_000);

  expect(confirmer.trouble).toBeDefined();
  expect(said("error")).toHaveLength(2);
});

test("the first answer after failed confirmations is logged", async () => {
  const { addMany, source, said } = setup();
  source.failNext("confirm", outage);

  addMany(16);
  await pass(5_000);
  addMany(16);
  await pass(5_000);

  expect(said("info")).toEqual(["the vendor answers confirmations again"]);
});

test("the confirmer reports since when receipts wait without any call that ended, answered or failed", async () => {
  const { confirmer, addMany, source } = setup();
  expect(confirmer.waitingSince).toBeUndefined();

  const before = performance.now();
  addMany(1, { closedFrom: before + 500_000 });
  source.answerMs = 70_000;
  await pass(61_000);
  expect(confirmer.waitingSince).toBe(before);

  source.failing.confirm = outage;
  source.answerMs = 10;
  await pass(10_000);
  expect(confirmer.waitingSince).toBeGreaterThan(before + 61_000);

  delete source.failing.confirm;
  await pass(10_000);
  expect(confirmer.waitingSince).toBeUndefined();
});

test("an event that Redis' replicas lack is not confirmed; the confirmer waits for them inside the receipt's window", async () => {
  let isReplicated = false;
  const { confirmer, addMany, calls, said } = setup({
    replicated: async () => {
      if (!isReplicated) throw new NotReplicatedError("0 of 1 replicas have what was written");
    },
  });

  const receipts = addMany(16);
  await pass(2_000);

  expect(calls()).toEqual([]);
  expect(confirmer.trouble).toMatchObject({ redis: { code: "redis-not-replicated" } });
  expect(said("warn")).toContain("confirmation waits for Redis' replicas");

  isReplicated = true;
  await pass(6_000);

  expect(calls()).toEqual([receipts]);
  expect(confirmer.trouble).toBeUndefined();
});
