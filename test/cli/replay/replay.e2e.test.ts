import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { runToEnd } from "../../support/process.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { setupWorld } from "../../support/worker-process.ts";
import { eventOf } from "../../worker/context.ts";
import { startReceiver } from "../../worker/forward/receiver.ts";

const HANDLERS = `import { appendFileSync } from "node:fs";
export default [{
  vendor: "tencent-vod", type: "NewFileUpload",
  async run({ event, replay, attempt }) {
    appendFileSync("ran.txt", JSON.stringify({ id: event.id, replay, attempt, name: event.body.FileUploadEvent.Name }) + "\\n");
    if (replay.id === "ev-2") throw new Error("still broken");
  },
}];
export const close = () => appendFileSync("ran.txt", '"closed"\\n');`;

/** Three archived events, and no vendor in the settings. */
async function setup() {
  const folder = await tempFolder();
  const dir = join(folder, "archive");
  const archive = await openArchive({ dir, keepDays: 90, log: { warn() {}, info() {} } });
  for (const id of ["ev-1", "ev-2"]) await archive.append(eventOf({ id }));
  await archive.append(eventOf({ id: "ev-3", type: "FileDeleted" }));
  await archive.close();
  await writeFile(join(folder, "handlers.mjs"), HANDLERS);
  const replay = (args: readonly string[], env = {}) =>
    runToEnd({ ARCHIVE_DIR: dir, ...env }, ["replay", ...args], folder);
  const ran = async (): Promise<unknown[]> => {
    const text = await readFile(join(folder, "ran.txt"), "utf8").catch(() => "");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
  };
  return { replay, ran };
}

test("replay runs archived events again under new ids, marked as a replay; it lists failures, and they set the exit code", async () => {
  const { replay, ran } = await setup();

  const listed = await replay(["--dry-run"]);
  expect(listed).toMatchObject({ code: 0, text: expect.stringContaining("3 events would run; nothing was run") });
  expect(await ran()).toEqual([]);

  const { code, text } = await replay(["--per-second", "50"]);
  expect(code).toBe(1);
  expect(text).not.toContain("Warning");
  expect(text).toContain("failed  ev-2  tencent-vod NewFileUpload: still broken");
  expect(text).toContain("failed  ev-3  tencent-vod FileDeleted: no handler for tencent-vod FileDeleted");
  expect(text).toMatch(/3 of 3 events in [\d.]+ s: 1 handled, 2 failed/);
  const id = expect.stringMatching(/^replay-/);
  const about = { id, attempt: 1, name: "Käse ☕" };
  expect(await ran()).toEqual([{ ...about, replay: { id: "ev-1" } }, { ...about, replay: { id: "ev-2" } }, "closed"]);

  expect(await replay(["--id", "ev-1"])).toMatchObject({
    code: 0,
    text: expect.stringContaining("1 handled, 0 failed"),
  });
  expect(await replay(["--id", "ev-9"])).toMatchObject({ code: 3, text: expect.stringMatching(/^nothing was found/) });
  expect(await replay(["--type", "FileDelete"])).toMatchObject({
    code: 3,
    text: expect.stringContaining("--type FileDelete: did you mean FileDeleted?"),
  });
  expect(await replay(["--dir", "nowhere"])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^ARCHIVE_DIR: cannot/),
  });
});

test("replay can send the events, signed, to a URL instead of running their handlers", async () => {
  const { replay, ran } = await setup();
  const receiver = await startReceiver((_, response) => void response.writeHead(204).end());
  const FORWARD_SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

  expect(await replay(["--url", receiver.url])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^FORWARD_SECRET: /),
  });
  // Without an address, a worker refuses this secret. Here `--url` is the address.
  expect(await replay(["--url", receiver.url], { FORWARD_SECRET })).toMatchObject({ code: 0 });

  const told = receiver.received.map(({ body, headers }) => new Webhook(FORWARD_SECRET).verify(body, headers));
  expect(told).toEqual(["ev-1", "ev-2", "ev-3"].map((id) => expect.objectContaining({ replay: { id } })));
  expect(await ran()).toEqual([]);
});

test("replay can try a fixed handler on parked events, which stay parked, unconfirmed and unchanged in the queue", async () => {
  const { simulator, publish, start, env, folder, phasesOf, runsOf } = await setupWorld();
  const mended = join(folder, "mended");
  const worker = await start({ ATTEMPTS: "1" });
  publish("waits", { failsWithout: mended });
  await worker.line("parked");
  const parked = runsOf("waits")[0]?.id;
  worker.send("SIGTERM");
  await worker.exited;
  const trial = () => runToEnd({ ...env }, ["replay", "--parked", "--dry-run"], folder);

  expect(await trial()).toMatchObject({ code: 1, text: expect.stringContaining(`failed  ${parked}  tencent-vod`) });
  await writeFile(mended, "");
  expect(await trial()).toMatchObject({ code: 0, text: expect.stringContaining("1 of 1 event in") });
  expect(await trial(), "it is still there").toMatchObject({ code: 0 });

  expect(phasesOf("waits").slice(-4)).toEqual(["start", "success", "start", "success"]);
  expect(simulator.stats()).toMatchObject({ confirmed: 0, unconfirmed: 1 });
});
