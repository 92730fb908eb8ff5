import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { CallbackEvent } from "../../core/event.ts";
import { codeOf } from "../../core/failure.ts";
import { dayBefore, nameOf } from "./names.ts";
import { toRecord } from "./record.ts";
import { syncFolder, tidy } from "./tidy.ts";

export type ArchiveOptions = {
  readonly dir: string;
  readonly keepDays: number;
  readonly log: Pick<Logger, "warn" | "info">;
};

/**
 * Handled events as newline-delimited JSON in `dir`, one file per UTC day and process:
 * `2026-11-20.worker-1-4711.ndjson`.
 *
 * An append resolves when its line is on the disk. Appends at the same time share one write and one sync. A file is never
 * opened a second time, so a last line that a crash has cut off is never continued. The archive has each event at least
 * once. It has an event twice, with the same id, if the process ended between writing the line and storing the success, or
 * if an append took effect after it was given up.
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { dir } = options;
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(`ARCHIVE_DIR: cannot write to ${dir} (${codeOf(cause)}); make it a folder of this user`, { cause });
  }
  const archive = new Archive(options);
  archive.tidy();
  return archive;
}

type Line = { readonly text: string; readonly resolve: () => void; readonly reject: (reason: unknown) => void };
type OpenFile = { readonly day: string; readonly name: string; readonly handle: FileHandle; size: number };

export class Archive {
  readonly #options: ArchiveOptions;
  #lines: Line[] = [];
  #file: OpenFile | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  readonly #closedFiles = new Set<string>();
  readonly #closing = new AbortController();
  #tidying: Promise<void> | undefined;

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  /** Rejects when `signal` aborts; the line may still get into the file after that. */
  append(event: CallbackEvent, signal?: AbortSignal): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error("the archive is closed"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const text = `${JSON.stringify(toRecord(event))}\n`;
    return new Promise((resolve, reject) => {
      const line = { text, resolve, reject };
      this.#lines.push(line);
      signal?.addEventListener("abort", () => this.#forget(line, signal.reason), { once: true });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Compresses and deletes in the background. It never fails an event: appends report a disk in trouble. */
  tidy(): void {
    const { log, ...options } = this.#options;
    const run = async (): Promise<void> => {
      try {
        const deleted = await tidy({ ...options, closed: this.#closedFiles, signal: this.#closing.signal });
        if (deleted > 0) log.info({ deleted, keepDays: options.keepDays }, "old files of the archive deleted");
      } catch (err) {
        log.warn({ err }, "cannot compress or delete files of the archive");
      }
    };
    this.#tidying = this.#tidying ? this.#tidying.then(run) : run();
  }

  /** Resolves when all earlier appends are on the disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closing.abort();
    await this.#writing;
    await this.#closeFile();
    await this.#tidying;
  }

  /** While a disk hangs, events are retried. Their lines must not pile up in memory. */
  #forget(line: Line, reason: unknown): void {
    this.#lines = this.#lines.filter((other) => other !== line);
    line.reject(reason);
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      this.#lines = [];
      const failure = await this.#write(lines.map((line) => line.text).join("")).catch((cause: unknown) => {
        return new Error(`ARCHIVE_DIR: cannot write to ${this.#options.dir} (${codeOf(cause)})`, { cause });
      });
      for (const line of lines) {
        if (failure) line.reject(failure);
        else line.resolve();
      }
    }
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    const file = await this.#fileOfToday();
    try {
      await file.handle.appendFile(text);
      await file.handle.datasync();
      await this.#assertThere(file);
      file.size += Buffer.byteLength(text);
    } catch (error) {
      await this.#giveUp(file);
      throw error;
    }
  }

  async #fileOfToday(): Promise<OpenFile> {
    const day = dayBefore(0);
    if (this.#file?.day === day) return this.#file;
    if (this.#file) {
      this.#closedFiles.add(this.#file.name);
      await this.#closeFile();
      this.tidy();
    }
    this.#file = { day, ...(await openNew(this.#options.dir, day)), size: 0 };
    return this.#file;
  }

  /**
   * Checks the file before each write: an open file whose folder was deleted, moved or unmounted would swallow lines.
   */
  async #assertThere({ name, handle }: OpenFile): Promise<void> {
    const [written, found] = await Promise.all([handle.stat(), stat(join(this.#options.dir, name))]);
    if (found.ino !== written.ino || found.dev !== written.dev) throw new Error(`${name} is another file by now`);
  }

  /** Removes what a failed write left, so that the file ends in a whole line. The next write starts a new file. */
  async #giveUp({ name, handle, size }: OpenFile): Promise<void> {
    await handle.truncate(size).catch(ignore);
    await this.#closeFile().catch(ignore);
    // Otherwise each attempt on a full disk would leave an empty file.
    if (size === 0) await rm(join(this.#options.dir, name), { force: true }).catch(ignore);
    else this.#closedFiles.add(name);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }
}

/** Adds a number if the name is taken, also by a compressed file. */
async function openNew(dir: string, day: string): Promise<Pick<OpenFile, "name" | "handle">> {
  for (let number = 1; ; number++) {
    const name = nameOf(day, number);
    if (await exists(join(dir, `${name}.gz`))) continue;
    try {
      const handle = await open(join(dir, name), "ax");
      await syncFolder(dir);
      return { name, handle };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function ignore(): void {}
