/**
 * Archives and receivers in trouble. A handler that succeeded does not run again. No event counts as handled too early.
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../support/process.ts";
import { startReceiver } from "../worker/forward/receiver.ts";
import { setupWorld } from "../support/worker-process.ts";

const QUICK_LOCKS = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/quick-locks-worker.ts")] as const;
const FAILED = "handled, and the archive failed, will try again";

async function setup() {
  const world = await setupWorld();
  const dir = join(world.folder, "archive");
  return {
    ...world,
    dir,
    env: { ARCHIVE_DIR: dir, BACKOFF_MS: "50" },
    /** The number of lines in the archive. */
    async archived(): Promise<number> {
      const texts = await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), "utf8")));
      return texts.join("").split("\n").length - 1;
    },
  };
}

test("an archive whose folder is gone gets the event when the folder is back, from another process, and the handler ran once", async () => {
  const { env, dir, start, publish, seen, allConfirmed, phasesOf, archived } = await setup();
  const first = await start(env, { command: QUICK_LOCKS });
  await rm(dir, { recursive: true });
  publish("one");
  await first.line(FAILED);
  expect(seen("one").confirmations).toBe(0);
  first.send("SIGKILL");

  // The second worker makes the folder at its start.
  await start(env, { command: QUICK_LOCKS });
  await allConfirmed();

  expect(phasesOf("one")).toEqual(["start", "success"]);
  expect(await archived()).toBe(1);
});

test("an event for which the disk has no room is parked unconfirmed after one run, and others go on", async () => {
  const { env, simulator, start, publish, phasesOf, archived, seen } = await setup();
  const limited = `trap '' XFSZ; ulimit -f 64; exec "${PROJECT}/bin/node" "${PROJECT}/src/cli/index.ts"`;
  const worker = await start({ ...env, ATTEMPTS: "3" }, { command: ["sh", "-c", limited] });
  const FileUploadEvent = { FileId: "big", Script: {}, Padding: "x".repeat(100_000) };
  simulator.publishBody({ EventType: "NewFileUpload", FileUploadEvent });
  const { err } = await worker.line("parked");
  publish("small");
  await expect.poll(() => seen("small").confirmations).toBe(1);

  expect(err).toMatchObject({ message: expect.stringMatching(/^ARCHIVE_DIR: cannot write to .* \(EFBIG\)/) });
  expect(phasesOf("big")).toEqual(["start", "success"]);
  expect(simulator.stats()).toMatchObject({ confirmed: 1, unconfirmed: 1 });
  expect(await archived()).toBe(1);
});

test("a forward receiver that has taken an event does not get it again while only the archive fails", async () => {
  const { env, dir, simulator, start, archived } = await setup();
  let calls = 0;
  const receiver = await startReceiver((request, response) => {
    calls += 1;
    if (calls === 1) response.writeHead(500).end();
    else if (calls === 2) request.socket.destroy();
    else response.writeHead(204).end();
  });
  const FORWARD_SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const worker = await start({ ...env, FORWARD_URL: receiver.url, FORWARD_SECRET });
  await rm(dir, { recursive: true });
  simulator.publish("FileDeleted");
  await worker.line(FAILED);
  expect(simulator.stats()).toMatchObject({ confirmed: 0, unconfirmed: 1 });
  await mkdir(dir);

  await expect.poll(() => simulator.stats().confirmed).toBe(1);

  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(await archived()).toBe(1);
});
