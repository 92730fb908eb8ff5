import assert from "node:assert/strict";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run, runTwice, sample } from "reliable-callback/testing";

const folder = await mkdtemp(join(tmpdir(), "pictures-"));
process.env["PICTURES_DIR"] = folder;
const { default: handlers } = await import("./handlers.ts");

const filesOf = async (vendor: string) => (await readdir(join(folder, vendor), { recursive: true })).toSorted();

test("pictures are stored below vendor and file, and a second run fetches none of them again", async ({ mock }) => {
  const fetched = mock.method(globalThis, "fetch", async () => new Response("a picture"));
  const body = {
    SnapshotByTimeOffsetCompleteEvent: {
      FileId: "f1",
      SnapshotInfoSet: [{ ErrCode: 0, TimeOffset: 1000, Url: "https://cdn.example.com/a.jpg" }],
    },
  };

  const { second } = await runTwice(handlers, sample("tencent-vod", "CreateSnapshotByTimeOffsetComplete", { body }));

  assert.equal(second.outcome, "handled", String(second.error));
  assert.deepEqual(await filesOf("tencent-vod"), ["f1", "f1/0.jpg"]);
  assert.equal(fetched.mock.callCount(), 1);
});

test("the same handler takes the pictures of another vendor", async ({ mock }) => {
  mock.method(globalThis, "fetch", async () => new Response("a picture"));

  const { outcome, error } = await run(handlers, sample("zegocloud", "snapshot"));

  assert.equal(outcome, "handled", String(error));
  assert.ok((await filesOf("zegocloud")).length > 1);
});

test("a CDN that is down makes the event wait, and a picture that is gone parks it", async ({ mock }) => {
  const answers = [new Response(null, { status: 503 }), new Response(null, { status: 404 })];
  mock.method(globalThis, "fetch", async () => answers.shift());
  const event = sample("tencent-vod", "CreateImageSpriteComplete");

  assert.equal((await run(handlers, event)).outcome, "retry");
  assert.equal((await run(handlers, event)).outcome, "parked");
});
