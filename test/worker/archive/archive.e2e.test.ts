import { execFile } from "node:child_process";
import { chmod, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { eventOf } from "../context.ts";

const options = { keepDays: 90, log: { warn() {}, info() {} } };

async function setup() {
  const dir = join(await tempFolder(), "a", "b");
  const archive = await openArchive({ dir, ...options });
  onTestFinished(() => archive.close());
  return {
    dir,
    archive,
    files: async () => (await readdir(dir)).toSorted(),
    records: async (): Promise<unknown[]> => {
      const names = (await readdir(dir)).toSorted();
      const texts = await Promise.all(names.map((name) => readFile(join(dir, name), "utf8")));
      return texts.flatMap((text) => text.split("\n").slice(0, -1)).map((line): unknown => JSON.parse(line));
    },
  };
}

/** The class behind every open file, to watch and delay its syncs. */
async function fileHandlePrototype(): Promise<{ datasync(): Promise<void> }> {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
}

/** Runs `body` in a process of its own, under `shell` conditions, with `dir` as its only argument. */
async function runAside(dir: string, shell: string, body: string): Promise<unknown> {
  const module = JSON.stringify(join(import.meta.dirname, "../../../src/worker/archive/archive.ts"));
  const script = `import { openArchive } from ${module};
    const dir = process.argv[1];
    const options = { dir, keepDays: 90, log: { warn() {}, info() {} } };
    const messageOf = (promise) => promise.then(() => "fine", (error) => error.message);
    ${body}`;
  const args = ["-c", `${shell} exec "$0" --input-type=module -e "$1" "$2"`, process.execPath, script, dir];
  const { stdout } = await promisify(execFile)("sh", args);
  return JSON.parse(stdout);
}

describe("an archive", () => {
  test("has a line per event, with the event as the vendor sent it", async () => {
    const { archive, records } = await setup();

    await archive.append(eventOf());

    expect(await records()).toEqual([
      {
        id: "tv-4711",
        fingerprint: "fp-of-content",
        vendor: "tencent-vod",
        source: "tencent-vod/1500000001",
        door: "pull",
        type: "NewFileUpload",
        receivedAt: "2026-11-20T10:00:00.000Z",
        handledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        event: eventOf().body,
      },
    ]);
  });

  test("has events of 1 MB whole, many at a time", async () => {
    const { archive, records } = await setup();
    const bodies = Array.from({ length: 20 }, (_, number) => ({ number, text: "\u{1f4fc}\n".repeat(200_000) }));

    await Promise.all(bodies.map((body) => archive.append({ ...eventOf(), body })));

    expect(await records()).toEqual(bodies.map((event) => expect.objectContaining({ event })));
  });

  test("makes its folder, and no file before there is an event", async () => {
    const { files } = await setup();

    expect(await files()).toEqual([]);
  });

  test("names its file after the day, the machine and the process", async () => {
    const { archive, files } = await setup();

    await archive.append(eventOf());

    const today = new Date().toISOString().slice(0, 10);
    expect(await files()).toEqual([expect.stringMatching(new RegExp(`^${today}\\.[\\w.-]+-${process.pid}\\.ndjson$`))]);
  });

  test("many events at a time are all there, in order, with far fewer syncs", async () => {
    const { archive, records } = await setup();
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync");
    const ids = Array.from({ length: 1_000 }, (_, index) => `tv-${index}`);

    await Promise.all(ids.map((id) => archive.append(eventOf({ id }))));

    expect(await records()).toEqual(ids.map((id) => expect.objectContaining({ id })));
    expect(datasync.mock.calls.length).toBeLessThan(10);
  });

  test("an append resolves only after the sync that followed its line", async () => {
    const { archive, records } = await setup();
    const prototype = await fileHandlePrototype();
    const sync = Promise.withResolvers<void>();
    vi.spyOn(prototype, "datasync").mockReturnValueOnce(sync.promise);
    const done = vi.fn();

    const appended = (async () => {
      await archive.append(eventOf());
      done();
    })();
    await vi.waitFor(async () => expect(await records()).toHaveLength(1));
    expect(done).not.toHaveBeenCalled();
    sync.resolve();
    await appended;

    expect(done).toHaveBeenCalledOnce();
  });

  test("a new day begins a new file", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 20, 23, 59, 59, 999) });
    onTestFinished(() => void vi.useRealTimers());
    const { archive, files } = await setup();

    await archive.append(eventOf());
    vi.setSystemTime(Date.UTC(2026, 10, 21));
    await archive.append(eventOf());
    await archive.append(eventOf());

    const days = new Set((await files()).map((name) => name.slice(0, 10)));
    expect(days).toEqual(new Set(["2026-11-20", "2026-11-21"]));
  });

  test("never continues a file that is there, whose last line a crash may have torn", async () => {
    const { archive, dir, files } = await setup();
    await archive.append(eventOf());
    await archive.close();
    const [name = ""] = await files();
    await writeFile(join(dir, name), '{"id":"torn');

    const next = await openArchive({ dir, ...options });
    await next.append(eventOf({ id: "tv-2" }));
    await next.close();

    const second = name.replace(/ndjson$/, "2.ndjson");
    expect(await files()).toEqual([second, name].toSorted());
    expect(await readFile(join(dir, name), "utf8")).toBe('{"id":"torn');
    expect(JSON.parse(await readFile(join(dir, second), "utf8"))).toMatchObject({ id: "tv-2" });
  });

  test("closing waits for what was appended, twice without harm, and takes no more", async () => {
    const { archive, records } = await setup();
    const appended = Promise.all([archive.append(eventOf()), archive.append(eventOf())]);

    await Promise.all([archive.close(), archive.close()]);

    expect(await records()).toHaveLength(2);
    await expect(appended).resolves.toHaveLength(2);
    await expect(archive.append(eventOf())).rejects.toThrow("the archive is closed");
  });
});

describe("an archive that cannot write", () => {
  test("says so at the start, with the name of the setting", async () => {
    const file = join(await tempFolder(), "file");
    await writeFile(file, "");

    await expect(openArchive({ dir: file, ...options })).rejects.toThrow(
      `ARCHIVE_DIR: cannot write to ${file} (EEXIST); make it a folder of this user`,
    );
  });

  test("says so when the folder belongs to someone else", async () => {
    const dir = await tempFolder();
    await chmod(dir, 0o555);

    const message = await runAside(
      dir,
      "",
      `if (process.getuid() === 0) process.setuid(65534);
      console.log(JSON.stringify(await messageOf(openArchive(options))));`,
    );

    expect(message).toBe(`ARCHIVE_DIR: cannot write to ${dir} (EACCES); make it a folder of this user`);
  });

  test("fails every event of the failed write, takes back what it left, and works again afterwards", async () => {
    const { dir, files, records } = await setup();

    const outcomes = await runAside(
      dir,
      "trap '' XFSZ; ulimit -f 8;",
      `const archive = await openArchive(options);
      const append = (id, text) => messageOf(archive.append({ id, body: { text } }));
      const before = await append("before", "");
      const together = await Promise.all([append("alone", ""), append("small", ""), append("big", "x".repeat(20_000))]);
      console.log(JSON.stringify([before, ...together, await append("after", "")]));`,
    );

    const failed = `ARCHIVE_DIR: cannot write to ${dir} (EFBIG)`;
    expect(outcomes).toEqual(["fine", "fine", failed, failed, "fine"]);
    expect(await files()).toHaveLength(2);
    const stored = ["before", "alone", "after"].map((id) => expect.objectContaining({ id }));
    expect(await records()).toHaveLength(3);
    expect(await records()).toEqual(expect.arrayContaining(stored));
  });

  test("a full disk leaves no empty file behind, however often it is tried", async () => {
    const { dir, files } = await setup();

    const outcomes = await runAside(
      dir,
      "trap '' XFSZ; ulimit -f 0;",
      `const archive = await openArchive(options);
      const outcomes = [];
      for (let n = 0; n < 5; n++) outcomes.push(await messageOf(archive.append({ id: "big", body: {} })));
      console.log(JSON.stringify(outcomes));`,
    );

    expect(outcomes).toEqual(Array(5).fill(`ARCHIVE_DIR: cannot write to ${dir} (EFBIG)`));
    expect(await files()).toEqual([]);
  });

  test.each([
    ["deletes", async (dir: string) => rm(dir, { recursive: true })],
    ["moves away", async (dir: string) => rename(dir, `${dir}-moved`)],
  ])("a folder that somebody %s takes no event for safe, and is not made again", async (_, lose) => {
    const { archive, dir, records } = await setup();
    await archive.append(eventOf());
    await lose(dir);

    await expect(archive.append(eventOf({ id: "tv-2" }))).rejects.toThrow("(ENOENT)");
    await expect(archive.append(eventOf({ id: "tv-3" }))).rejects.toThrow("(ENOENT)");
    await mkdir(dir);
    await archive.append(eventOf({ id: "tv-4" }));

    expect(await records()).toEqual([expect.objectContaining({ id: "tv-4" })]);
  });

  test("a file that was put in the place of the open one takes no event for safe", async () => {
    const { archive, dir, files } = await setup();
    await archive.append(eventOf());
    const [name = ""] = await files();
    await rename(join(dir, name), join(dir, "moved"));
    await writeFile(join(dir, name), "");

    await expect(archive.append(eventOf({ id: "tv-2" }))).rejects.toThrow(/cannot write to /);
    await archive.append(eventOf({ id: "tv-3" }));

    expect(await readFile(join(dir, "moved"), "utf8")).not.toContain("tv-2");
    expect(await readFile(join(dir, name.replace(/ndjson$/, "2.ndjson")), "utf8")).toContain("tv-3");
  });

  test("an append that is given up rejects at once, and its line does not wait for a disk that hangs", async () => {
    const { archive, records } = await setup();
    const sync = Promise.withResolvers<void>();
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync").mockReturnValueOnce(sync.promise);
    const first = archive.append(eventOf());
    await vi.waitFor(() => expect(datasync).toHaveBeenCalledOnce());

    const over = new AbortController();
    const given = Array.from({ length: 3 }, () => archive.append(eventOf({ id: "tv-2" }), over.signal));
    over.abort(new Error("time is up"));
    for (const append of given) await expect(append).rejects.toThrow("time is up");
    await expect(archive.append(eventOf({ id: "tv-2" }), over.signal)).rejects.toThrow("time is up");
    sync.resolve();
    await first;

    expect(await records()).toEqual([expect.objectContaining({ id: "tv-4711" })]);
  });
});
