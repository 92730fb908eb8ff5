/** Needs a PostgreSQL: DATABASE_URL names it. Every id in here is new, so the tables may hold rows. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { run, runTwice, sample } from "reliable-callback/testing";
import { db } from "./db.ts";
import handlers, { close } from "./handlers.ts";

before(async () => void (await db.query(await readFile(new URL("schema.sql", import.meta.url), "utf8"))));
after(close);

async function changesOf(file: string): Promise<readonly string[]> {
  const { rows } = await db.query("select change from changes where file = $1", [file]);
  return rows.map(({ change }) => change);
}

test("an upload that runs twice is stored once", async () => {
  const file = crypto.randomUUID();
  const body = { FileUploadEvent: { FileId: file, MediaBasicInfo: { Name: "holidays" } } };

  const { first, second } = await runTwice(handlers, sample("tencent-vod", "NewFileUpload", { body }));

  assert.deepEqual([first.outcome, second.outcome], ["handled", "handled"]);
  assert.deepEqual(await changesOf(file), ["uploaded"]);
});

test("a transaction that fails leaves nothing behind, and the next attempt does the work", async () => {
  const file = crypto.randomUUID();
  const event = sample("tencent-vod", "NewFileUpload", { body: { FileUploadEvent: { FileId: file } } });

  await db.query("alter table changes rename to changes_away");
  const failed = await run(handlers, event);
  await db.query("alter table changes_away rename to changes");

  assert.equal(failed.outcome, "retry");
  assert.equal((await db.query("select from videos where file = $1", [file])).rowCount, 0);
  assert.equal((await run(handlers, event)).outcome, "handled");
  assert.deepEqual(await changesOf(file), ["uploaded"]);
});

test("a deletion that names no file is parked", async () => {
  const event = sample("tencent-vod", "FileDeleted", { body: { FileDeleteEvent: { FileIdSet: [] } } });

  assert.equal((await run(handlers, event)).outcome, "parked");
});
