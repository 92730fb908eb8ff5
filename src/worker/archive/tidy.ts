/** Compresses finished files of an archive, and deletes old ones. */
import { createReadStream, createWriteStream } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { codeOf } from "../../core/failure.ts";
import { dayBefore, partOf, readName } from "./names.ts";

export type TidyOptions = {
  readonly dir: string;
  readonly keepDays: number;
  /** Files that this process has finished writing. */
  readonly closed: ReadonlySet<string>;
  readonly signal: AbortSignal;
};

/** Another process may still write events from before midnight, and its clock may be wrong. */
const QUIET_DAYS = 2;

/** Several processes may tidy one folder at the same time. Resolves with the number of deleted files. */
export async function tidy({ dir, keepDays, closed, signal }: TidyOptions): Promise<number> {
  const files = (await readdir(dir)).flatMap((name) => readName(name) ?? []);
  const [today, oldest, quiet] = [dayBefore(0), dayBefore(keepDays), dayBefore(QUIET_DAYS)];
  const old = files.filter(({ day }) => day < oldest);
  const parts = files.filter(({ day, is }) => is === "part" && day >= oldest && day <= quiet);
  for (const { name } of [...old, ...parts]) await rm(join(dir, name), { force: true });
  const plain = files.filter(({ day, is }) => is === "plain" && day >= oldest && day < today);
  for (const { name } of plain.filter((file) => closed.has(file.name) || file.day <= quiet)) {
    if (signal.aborted) break;
    await compress(dir, name, signal);
  }
  return old.length;
}

/**
 * The compressed file appears complete, and only then the plain one is deleted. If two processes compress the same
 * file, one result replaces the other, and both are equal.
 */
async function compress(dir: string, name: string, signal: AbortSignal): Promise<void> {
  const [plain, part] = [join(dir, name), join(dir, partOf(name))];
  try {
    const source = createReadStream(plain);
    await pipeline(source, createGzip(), createWriteStream(part, { flush: true }), { signal });
    if ((await stat(plain)).size !== source.bytesRead) throw new Error(`${name} is still written to`);
    await rename(part, `${plain}.gz`);
    await syncFolder(dir);
    await rm(plain, { force: true });
  } catch (err) {
    await rm(part, { force: true });
    // Another process was faster, or this one is stopping.
    if (codeOf(err) !== "ENOENT" && !signal.aborted) throw err;
  }
}

/** A new file name survives a power cut only if the folder is synced too. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
