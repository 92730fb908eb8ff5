import { existsSync } from "node:fs";
import { access, constants, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codeOf } from "../../core/failure.ts";
import type { Finding } from "../../core/finding.ts";
import type { Check } from "./check.ts";

const GB = 1_000_000_000;
const LITTLE_BYTES = GB;
const NEXT_TO_NOTHING_BYTES = GB / 10;

export function archiveCheck(folder: string): Check {
  return { group: "Archive", about: "ARCHIVE_DIR", run: () => folderFindings(folder, "the archive") };
}

/** Checks that the folder exists or can be created, and how much space is free. Creates nothing. */
export async function folderFindings(folder: string, what: string): Promise<readonly Finding[]> {
  const place = nearest(resolve(folder));
  try {
    if (!(await stat(place)).isDirectory()) throw new Error("ENOTDIR");
    await access(place, constants.W_OK | constants.X_OK);
  } catch (err) {
    const fact = `${what}: cannot write to ${folder} (${place}: ${codeOf(err)})`;
    return [{ level: "error", fact, fix: "make it a folder of the user who runs the worker" }];
  }
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const state = place === resolve(folder) ? "can be written" : "does not exist yet and can be made";
  const fact = `${what}: ${folder} ${state}, ${(free / GB).toFixed(1)} GB free`;
  if (free >= LITTLE_BYTES) return [{ level: "ok", fact }];
  return [{ level: free < NEXT_TO_NOTHING_BYTES ? "error" : "warn", fact, fix: "make room on this disk" }];
}

/** The folder itself, or the existing parent in which it would be created. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
