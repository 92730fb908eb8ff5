import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { eventOf } from "../context.ts";

const TODAY = Date.UTC(2026, 10, 20, 12);
const line = (id: string): string => `${JSON.stringify({ id })}\n`;

async function setup(names: readonly string[], keepDays = 90) {
  vi.useFakeTimers({ toFake: ["Date"], now: TODAY });
  onTestFinished(() => void vi.useRealTimers());
  const dir = await tempFolder();
  for (const name of names) await writeFile(join(dir, name), line(name));
  const log = { warn: vi.fn(), info: vi.fn() };
  const open = async () => {
    const archive = await openArchive({ dir, keepDays, log });
    onTestFinished(() => archive.close());
    return archive;
  };
  const files = async (): Promise<string[]> => (await readdir(dir)).toSorted();
  return { dir, log, open, files, archive: await open() };
}

test("archive files of ended processes are compressed without loss when no process can write to them", async () => {
  const { dir, files } = await setup(["2026-11-18.a-1.ndjson", "2026-11-19.a-1.ndjson", "2026-11-20.a-1.ndjson"]);

  await vi.waitFor(async () =>
    expect(await files()).toEqual(["2026-11-18.a-1.ndjson.gz", "2026-11-19.a-1.ndjson", "2026-11-20.a-1.ndjson"]),
  );
  const text = gunzipSync(await readFile(join(dir, "2026-11-18.a-1.ndjson.gz"))).toString();
  expect(text).toBe(line("2026-11-18.a-1.ndjson"));
});

test("a day's archive file is compressed when the next one begins", async () => {
  const { archive, dir, files } = await setup([]);
  await archive.append(eventOf());
  vi.setSystemTime(TODAY + 86_400_000);
  await archive.append(eventOf({ id: "tv-2" }));

  await vi.waitFor(async () =>
    expect(await files()).toEqual([
      expect.stringMatching(/^2026-11-20.*\.ndjson\.gz$/),
      expect.stringMatching(/^2026-11-21.*\.ndjson$/),
    ]),
  );
  const [first = ""] = await files();
  expect(gunzipSync(await readFile(join(dir, first))).toString()).toContain('"tv-4711"');
});

test("archive files that are too old are deleted, compressed or not, and no other files", async () => {
  const mine = ["2026-11-17.a-1.ndjson.gz", "2026-11-20.a-1.ndjson"];
  const others = ["2026-01-01.notes.txt", "2026-01-01.ndjson.bak", "x2026-01-01.a-1.ndjson"];
  const { files, log } = await setup(["2026-11-16.a-1.ndjson.gz", "2025-01-01.a-1.2.ndjson", ...mine, ...others], 3);

  await vi.waitFor(async () => expect(await files()).toEqual([...mine, ...others].toSorted()));
  await vi.waitFor(() =>
    expect(log.info).toHaveBeenCalledExactlyOnceWith({ deleted: 2, keepDays: 3 }, expect.anything()),
  );
});

test("several processes tidy one archive folder at the same time, and half-compressed files of a crash are removed", async () => {
  const name = "2026-11-17.a-1.ndjson";
  const { dir, open, files, log } = await setup([name, `${name}.gz.b-7.part`]);
  await Promise.all(Array.from({ length: 4 }, open));

  await vi.waitFor(async () => expect(await files()).toEqual([`${name}.gz`]));
  expect(gunzipSync(await readFile(join(dir, `${name}.gz`))).toString()).toBe(line(name));
  expect(log.warn).not.toHaveBeenCalled();
});

test("the name of a compressed archive file is never used again", async () => {
  const { archive, dir, files } = await setup([]);
  await archive.append(eventOf());
  await archive.close();
  const [name = ""] = await files();
  vi.setSystemTime(TODAY + 3 * 86_400_000);
  const next = await openArchive({ dir, keepDays: 90, log: { warn() {}, info() {} } });
  await vi.waitFor(async () => expect(await files()).toEqual([`${name}.gz`]));
  vi.setSystemTime(TODAY);

  await next.append(eventOf());
  await next.close();

  expect(await files()).toEqual([name.replace(/ndjson$/, "2.ndjson"), `${name}.gz`].toSorted());
});

test("an archive file that cannot be compressed is logged, and fails no event", async () => {
  const { archive, dir, log, open } = await setup([]);
  await writeFile(join(dir, "2026-11-17.a-1.ndjson"), line("a"));
  await mkdir(join(dir, "2026-11-17.a-1.ndjson.gz"));
  await open();

  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledOnce());
  await archive.append(eventOf());
});
