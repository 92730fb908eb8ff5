import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { CallbackEvent } from "../core/event.ts";
import { codeOf } from "../core/failure.ts";
import type { Handler } from "../core/handler.ts";

/**
 * Handled events as newline-delimited JSON in `dir`, one file per UTC day and process: `2026-11-20.worker-1-4711.ndjson`.
 *
 * An append resolves once its line is on the disk. Many at a time share one write and one sync. A file is never opened a
 * second time, so that the torn last line a crash may leave never runs into another one. An event stands there at least
 * once: twice, with the same id, when the process ended between its line and the mark that it was handled.
 */
export async function openArchive(dir: string): Promise<Archive> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(`ARCHIVE_DIR: cannot write to ${dir} (${codeOf(cause)}); make it a folder of this user`, { cause });
  }
  return new Archive(dir);
}

/** Appends after success and before the event counts as handled: an archive that fails makes the attempt fail. */
export function archived(handler: Handler, archive: Pick<Archive, "append">): Handler {
  return {
    ...handler,
    async run(context) {
      await handler.run(context);
      await archive.append(context.event);
    },
  };
}

type Line = { readonly text: string; readonly resolve: () => void; readonly reject: (reason: Error) => void };
type OpenFile = { readonly day: string; readonly handle: FileHandle; size: number };

export class Archive {
  readonly #dir: string;
  #lines: Line[] = [];
  #file: OpenFile | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(dir: string) {
    this.#dir = dir;
  }

  append(event: CallbackEvent): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("the archive is closed"));
    const text = `${JSON.stringify(toRecord(event))}\n`;
    return new Promise((resolve, reject) => {
      this.#lines.push({ text, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** What was appended before is on the disk afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#closeFile();
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      this.#lines = [];
      const failure = await this.#write(lines.map((line) => line.text).join("")).catch((cause: unknown) => {
        return new Error(`ARCHIVE_DIR: cannot write to ${this.#dir} (${codeOf(cause)})`, { cause });
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
      file.size += Buffer.byteLength(text);
    } catch (error) {
      await this.#giveUp(file);
      throw error;
    }
  }

  async #fileOfToday(): Promise<OpenFile> {
    const day = new Date().toISOString().slice(0, 10);
    if (this.#file?.day === day) return this.#file;
    await this.#closeFile();
    this.#file = { day, handle: await openNew(this.#dir, day), size: 0 };
    return this.#file;
  }

  /** Takes back what a failed write left, so that the file ends in a whole line; the next write starts a new file. */
  async #giveUp({ handle, size }: OpenFile): Promise<void> {
    await handle.truncate(size).catch(ignore);
    await this.#closeFile().catch(ignore);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }
}

/** Container names and process ids repeat, so a taken name gets a number: `....2.ndjson`. */
async function openNew(dir: string, day: string): Promise<FileHandle> {
  const start = `${day}.${hostname().replace(/[^\w.-]/g, "_")}-${process.pid}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${start}.ndjson` : `${start}.${number}.ndjson`;
    try {
      const handle = await open(join(dir, name), "ax");
      await syncFolder(dir);
      return handle;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** A new file survives a power cut only when its folder's entry is on the disk, too. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function toRecord({ id, fingerprint, vendor, source, door, type, receivedAt, body }: CallbackEvent) {
  const handledAt = new Date().toISOString();
  return { id, fingerprint, vendor, source, door, type, receivedAt, handledAt, event: body };
}

function ignore(): void {}
