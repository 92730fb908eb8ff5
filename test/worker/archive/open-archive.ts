import { execFile } from "node:child_process";
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { tempFolder } from "../../support/temp-folder.ts";

export const options = { keepDays: 90, log: { warn() {}, info() {} } };

export async function setup() {
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
export async function fileHandlePrototype(): Promise<{ datasync(): Promise<void> }> {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
}

/** Runs `body` in a process of its own, under `shell` conditions, with `dir` as its only argument. */
export async function runAside(dir: string, shell: string, body: string): Promise<unknown> {
  const module = JSON.stringify(join(import.meta.dirname, "../../../src/worker/archive/archive.ts"));
  const script = `import { openArchive } from ${module};
    const dir = process.argv[1];
    export const options = { dir, keepDays: 90, log: { warn() {}, info() {} } };
    const messageOf = (promise) => promise.then(() => "fine", (error) => error.message);
    ${body}`;
  const args = ["-c", `${shell} exec "$0" --input-type=module -e "$1" "$2"`, process.execPath, script, dir];
  const { stdout } = await promisify(execFile)("sh", args);
  return JSON.parse(stdout);
}
