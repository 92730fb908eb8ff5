import { expect, test } from "vitest";
import { NotReplicatedError, VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./confirmer-setup.ts";

const outage = new VendorError("outage", "no answer");
const denied = new VendorError("configuration", "not allowed", { fix: "allow vod:ConfirmEvents" });

test("a failure that a person must fix is logged once, as an error, with what to do", async () => {
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

test("a failure that heals by itself also counts as trouble, as long as it lasts", async () => {
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

test("trouble that turns into other trouble is said, and is as old as it was", async () => {
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

test("a refusal is an answer, and ends the trouble", async () => {
  const { confirmer, addMany, source } = setup();
  source.failNext("confirm", outage);
  source.dead.add("r0");

  addMany(1);
  await pass(215);
  expect(confirmer.trouble).toBeDefined();
  await pass(1_000);

  expect(confirmer.trouble).toBeUndefined();
});

test("trouble is forgotten when nothing was tried for two windows, since others may confirm now", async () => {
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

test("an answer after failures is said", async () => {
  const { addMany, source, said } = setup();
  source.failNext("confirm", outage);

  addMany(16);
  await pass(5_000);
  addMany(16);
  await pass(5_000);

  expect(said("info")).toEqual(["the vendor answers confirmations again"]);
});

test("it tells since when something is to be confirmed and no call has ended, whether answered or failed", async () => {
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

test("an event that Redis' replicas lack is not confirmed; it waits for them inside its window", async () => {
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
