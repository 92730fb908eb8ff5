import { expect, test } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./confirmer-setup.ts";

const SUSPICION =
  "the vendor refuses receipts inside their windows: is another consumer on this queue, or the confirm window set too long?";

/** A vendor that refuses every receipt, batch after batch. */
function refusing() {
  const { source, addMany, ...rest } = setup();
  const refuse = async (count: number, changes: Partial<DueConfirmation> = {}): Promise<void> => {
    for (const receipt of addMany(count, changes)) source.dead.add(receipt);
    await pass(1_000);
  };
  return { source, addMany, refuse, ...rest };
}

test("48 receipts in a row refused inside their windows are logged once as suspicious, and batches are no longer split", async () => {
  const { refuse, calls, said, settled } = refusing();

  await refuse(16);
  await refuse(16);
  await refuse(15);
  expect(said("error")).toEqual([]);
  await refuse(1);
  expect(said("error")).toEqual([SUSPICION]);
  const before = calls().length;
  const settledBefore = settled("dead").length;
  for (let n = 0; n < 5; n++) await refuse(16);

  expect(calls()).toHaveLength(before + 5);
  expect(settled("dead")).toHaveLength(settledBefore);
  expect(said("error")).toEqual([SUSPICION]);
});

test("half a minute after the suspicion, refused batches are split again", async () => {
  const { refuse, calls, settled, addMany, source } = refusing();
  for (let n = 0; n < 3; n++) await refuse(16);
  await pass(26_000);
  const stillSuspicious = calls().length;
  await refuse(2);
  expect(calls()).toHaveLength(stillSuspicious + 1);

  await pass(4_000);
  const before = calls().length;
  source.dead.add("r51");
  addMany(16);
  await pass(1_000);

  expect(calls()).toHaveLength(before + 9);
  expect(settled("confirmed")).toHaveLength(15);
});

test("one accepted receipt ends the row of refused ones", async () => {
  const { refuse, addMany, said } = refusing();

  for (let n = 0; n < 3; n++) {
    await refuse(16);
    await refuse(16);
    await refuse(15);
    addMany(1);
    await pass(1_000);
  }

  expect(said("error")).toEqual([]);
});

test("receipts refused after their windows may have closed raise no suspicion", async () => {
  const { refuse, said, settled } = refusing();

  for (let n = 0; n < 6; n++) await refuse(16, { openUntil: 0 });

  expect(settled("dead")).toHaveLength(96);
  expect(said("error")).toEqual([]);
});

test("receipts that an unanswered call had confirmed raise no suspicion", async () => {
  const { refuse, said, settled, source } = refusing();

  for (let n = 0; n < 60; n++) {
    source.failNext("confirm", new VendorError("outage", "no answer"));
    await refuse(1);
  }

  expect(settled("presumed")).toHaveLength(60);
  expect(said("error")).toEqual([]);
});

test("receipts that the vendor refuses by name raise the suspicion too", async () => {
  const { refuse, said, source } = refusing();
  source.refuses = "by name";

  for (let n = 0; n < 3; n++) await refuse(16);

  expect(said("error")).toEqual([SUSPICION]);
});

test("the suspicion is logged at most once in half a minute, however many receipts are refused", async () => {
  const { refuse, said, source } = refusing();
  source.refuses = "by name";

  for (let n = 0; n < 30; n++) await refuse(16);
  expect(said("error")).toHaveLength(1);
  for (let n = 0; n < 30; n++) await refuse(16);

  expect(said("error")).toHaveLength(2);
});
