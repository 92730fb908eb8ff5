import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { forward } from "reliable-callback";
import { run, sample } from "reliable-callback/testing";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const path = join(await mkdtemp(join(tmpdir(), "receiver-")), "events.ndjson");

const receiver = spawn(process.execPath, ["receiver.ts"], {
  cwd: import.meta.dirname,
  env: { ...process.env, FORWARD_SECRET: SECRET, EVENTS_FILE: path, PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
after(() => receiver.kill());
const [line] = await once(createInterface(receiver.stdout), "line");
const url = `http://127.0.0.1:${/port: (\d+)/.exec(line)?.[1]}/`;
const to = (...secrets: readonly string[]) => [forward({ url, secrets })];

test("an event that is sent twice is stored once", async () => {
  const event = sample("tencent-vod", "NewFileUpload");

  assert.equal((await run(to(SECRET), event)).outcome, "handled");
  assert.equal((await run(to(SECRET), event)).outcome, "handled");

  const stored = (await readFile(path, "utf8")).trim().split("\n");
  assert.deepEqual(
    stored.map((text) => JSON.parse(text).id),
    [event.id],
  );
});

test("a wrong secret is refused, and both secrets are accepted while one replaces the other", async () => {
  assert.equal((await run(to(OTHER), sample("tencent-vod", "FileDeleted"))).outcome, "retry");
  assert.equal((await run(to(OTHER, SECRET), sample("tencent-vod", "FileDeleted"))).outcome, "handled");
});
