import assert from "node:assert/strict";
import { test } from "node:test";
import { run, runTwice, sample } from "reliable-callback/testing";
import handlers from "./handlers.ts";

test("an upload is handled", async () => {
  const { outcome, error } = await run(handlers, sample("tencent-vod", "NewFileUpload"));

  assert.equal(outcome, "handled", String(error));
});

test("an upload whose first run was cut off by a crash does nothing twice that matters", async () => {
  const { second, repeated } = await runTwice(handlers, sample("tencent-vod", "NewFileUpload"));

  assert.equal(second.outcome, "handled", String(second.error));
  assert.deepEqual(repeated, []); // fetch calls; `watch: { db }` tells those of a database
});
