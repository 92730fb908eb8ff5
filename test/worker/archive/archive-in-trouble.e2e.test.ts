import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { eventOf } from "../context.ts";
import { fileHandlePrototype, options, runAside, setup } from "./open-archive.ts";

describe("an archive that cannot write", () => {
  test("is reported at the start, with the name of the setting", async () => {
    const file = join(await tempFolder(), "file");
    await writeFile(file, "");

    await expect(openArchive({ dir: file, ...options })).rejects.toThrow(
      `ARCHIVE_DIR: cannot write to ${file} (EEXIST); make it a folder of this user`,
    );
  });

  test("is reported if the folder belongs to another user", async () => {
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

  test("fails every event of the failed write, removes what it left, and works again afterwards", async () => {
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

  test("because the disk is full leaves no empty file, however often it is tried", async () => {
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
  ])("since somebody %s the folder reports no event as stored, and does not make the folder again", async (_, lose) => {
    const { archive, dir, records } = await setup();
    await archive.append(eventOf());
    await lose(dir);

    await expect(archive.append(eventOf({ id: "tv-2" }))).rejects.toThrow("(ENOENT)");
    await expect(archive.append(eventOf({ id: "tv-3" }))).rejects.toThrow("(ENOENT)");
    await mkdir(dir);
    await archive.append(eventOf({ id: "tv-4" }));

    expect(await records()).toEqual([expect.objectContaining({ id: "tv-4" })]);
  });

  test("since its open file was replaced reports no event as stored", async () => {
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

  test("in time rejects the append that is given up, even if the disk hangs", async () => {
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
