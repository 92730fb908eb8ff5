import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readOptions } from "../../../src/cli/replay/options.ts";
import { selectArchived } from "../../../src/cli/replay/select.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { eventOf } from "../../worker/context.ts";

/** An archived event, as two processes of one day may have written it, or one of another. */
function line(id: string, handledAt: string, changes: Parameters<typeof eventOf>[0] = {}): string {
  const { body, ...event } = eventOf({ id, ...changes });
  return `${JSON.stringify({ ...event, handledAt, event: body })}\n`;
}

async function setup(files: Readonly<Record<string, string>>) {
  const dir = await tempFolder();
  for (const [name, text] of Object.entries(files))
    await writeFile(join(dir, name), name.endsWith(".gz") ? gzipSync(text) : text);
  return {
    dir,
    async ids(...args: string[]): Promise<string[]> {
      const selection = await selectArchived(dir, readOptions(args));
      const ids = [];
      for await (const { id } of selection.events()) ids.push(id);
      expect(selection.count).toBe(ids.length);
      return ids;
    },
  };
}

const FILES = {
  "2026-11-18.a-1.ndjson.gz": line("one", "2026-11-18T10:00:00.000Z", { type: "FileDeleted" }),
  "2026-11-20.a-1.ndjson": line("two", "2026-11-20T10:00:00.000Z") + line("five", "2026-11-20T13:00:00.000Z"),
  "2026-11-20.b-7.ndjson":
    line("three", "2026-11-20T11:00:00.000Z", { body: { Name: "Käse ☕" } }) + line("two", "2026-11-20T12:00:00.000Z"),
  "2026-11-20.b-7.2.ndjson": line("four", "2026-11-20T12:30:00.000Z"),
  "notes.txt": "none of the archive's",
};

test("replay reads each event once, from plain and compressed files, in the order in which all processes handled them", async () => {
  const { ids } = await setup(FILES);

  expect(await ids()).toEqual(["one", "two", "three", "four", "five"]);
});

test.each([
  [
    ["--from", "2026-11-20T11:00"],
    ["three", "two", "four", "five"],
  ],
  [
    ["--to", "2026-11-20T11:00"],
    ["one", "two"],
  ],
  [["--type", "FileDeleted"], ["one"]],
  [
    ["--type", "FileDeleted", "--type", "NewFileUpload", "--limit", "2"],
    ["one", "two"],
  ],
  [
    ["--id", "four", "--id", "one"],
    ["one", "four"],
  ],
  [
    ["--text", "käse ☕", "--from", "2026-11-20"],
    ["two", "three", "four", "five"],
  ],
  [["--text", '"name":"käse ☕"', "--id", "three"], ["three"]],
  [["--id", "nobody"], []],
])("`replay %j` selects the events %j", async (args, expected) => {
  const { ids } = await setup(FILES);

  expect(await ids(...args)).toEqual(expected);
});

test("replay names the file and number of each line that is no event, and runs nothing", async () => {
  const { dir, ids } = await setup({
    ...FILES,
    "2026-11-19.a-1.ndjson": `${line("six", "2026-11-19T10:00:00.000Z")}{"id":\n${JSON.stringify({ id: "no event" })}\n`,
  });

  const file = join(dir, "2026-11-19.a-1.ndjson");
  await expect(ids()).rejects.toThrow(
    new RegExp(`^${file}:2: is no event \\(.*\n${file}:3: is no event .*\nnothing was run; .*--skip-unreadable$`),
  );
  expect(await ids("--skip-unreadable", "--to", "2026-11-20")).toEqual(["one", "six"]);
  expect(await ids("--from", "2026-11-20")).toHaveLength(4);
});

test("replay leaves out a last line that a crash cut off, and names a broken compressed file", async () => {
  const { dir, ids } = await setup(FILES);
  await appendFile(join(dir, "2026-11-20.a-1.ndjson"), '{"id":"torn","vend');
  expect(await ids()).toHaveLength(5);

  await writeFile(join(dir, "2026-11-17.a-1.ndjson.gz"), gzipSync(FILES["2026-11-20.a-1.ndjson"]).subarray(0, 60));
  await expect(ids()).rejects.toThrow(`${join(dir, "2026-11-17.a-1.ndjson.gz")}:1: cannot be read (Z_BUF_ERROR)`);
});

test("replay reports an archive folder that does not exist", async () => {
  await expect(selectArchived("/nowhere", readOptions([]))).rejects.toThrow(
    "ARCHIVE_DIR: cannot read /nowhere (ENOENT); name the folder of an archive",
  );
});
