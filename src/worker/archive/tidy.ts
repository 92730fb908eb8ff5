/** Keeps an archive from growing without end: files that nobody writes to are compressed, old ones deleted. */
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
  /** Names of files that this process has written, and does not write to any more. */
  readonly closed: ReadonlySet<string>;
  readonly signal: AbortSignal;
};

/** Another process may still write what began before midnight, and its clock may be off. */
const QUIET_DAYS = 2;

/** Several processes may do it in one folder at the same time. Resolves with how many files it deleted for their age. */
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
 * The compressed file appears whole, and only then the plain one goes. Two processes that do this to the same file make the
 * same file twice, and one takes the other's place.
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
    // Another process was quicker, or this one ends.
    if (codeOf(err) !== "ENOENT" && !signal.aborted) throw err;
  }
}

/** A new name survives a power cut only when its folder's entry is on the disk, too. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
