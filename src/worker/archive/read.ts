/** Reads an archive: whole lines of plain and compressed files, in the order in which their events were handled. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { codeOf, messageOf } from "../../core/failure.ts";
import { type ArchiveFile, readName } from "./names.ts";
import { type ArchivedEvent, readRecord } from "./record.ts";

export type ArchiveLine =
  | { readonly place: string; readonly event: ArchivedEvent }
  /** `isTorn`: a crash cut off the last line of the file. Its event did not count as handled then. */
  | { readonly place: string; readonly mistake: string; readonly isTorn: boolean };

/** The files of the days between two, both included. */
export async function filesOf(dir: string, from = "", to = "9"): Promise<readonly ArchiveFile[]> {
  const files = (await readdir(dir)).flatMap((name) => readName(name) ?? []);
  const names = new Set(files.map(({ name }) => name));
  // A crash may have left both forms of one file.
  const once = files.filter(({ name, is }) => is === "compressed" || (is === "plain" && !names.has(`${name}.gz`)));
  return once
    .filter(({ day }) => day >= from && day <= to)
    .toSorted((a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name));
}

/** Day by day; within a day the files of all processes are merged by the time when their events were handled. */
export async function* readArchive(dir: string, files: readonly ArchiveFile[]): AsyncGenerator<ArchiveLine> {
  for (const [, ofDay] of Map.groupBy(files, ({ day }) => day)) {
    const readers = ofDay.map(({ name }) => readFile(dir, name));
    const heads = await Promise.all(readers.map(async (reader) => ({ reader, next: await reader.next() })));
    try {
      for (;;) {
        const open = heads.filter(({ next }) => !next.done);
        const [first] = open.toSorted((a, b) => timeOf(a.next).localeCompare(timeOf(b.next)));
        if (!first || first.next.done) break;
        yield first.next.value;
        first.next = await first.reader.next();
      }
    } finally {
      for (const reader of readers) await reader.return(undefined);
    }
  }
}

/** An unreadable line is reported at once. */
function timeOf({ value, done = false }: IteratorResult<ArchiveLine>): string {
  return !done && "event" in value ? value.event.handledAt : "";
}

async function* readFile(dir: string, name: string): AsyncGenerator<ArchiveLine> {
  const path = join(dir, name);
  let number = 0;
  try {
    for await (const { text, isWhole } of linesOf(path)) {
      number += 1;
      yield lineOf(`${path}:${number}`, text, isWhole);
    }
  } catch (err) {
    yield { place: `${path}:${number + 1}`, mistake: `cannot be read (${codeOf(err)})`, isTorn: false };
  }
}

function lineOf(place: string, text: string, isWhole: boolean): ArchiveLine {
  try {
    return { place, event: readRecord(text) };
  } catch (err) {
    return { place, mistake: `is no event (${messageOf(err)})`, isTorn: !isWhole };
  }
}

async function* linesOf(path: string): AsyncGenerator<{ readonly text: string; readonly isWhole: boolean }> {
  let rest = "";
  for await (const chunk of textOf(path)) {
    const lines = `${rest}${String(chunk)}`.split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { text, isWhole: true };
  }
  if (rest !== "") yield { text: rest, isWhole: false };
}

function textOf(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith(".gz")) return file.setEncoding("utf8");
  const unpacked = createGunzip();
  file.on("error", (err) => unpacked.destroy(err));
  return file.pipe(unpacked).setEncoding("utf8");
}
