import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../core/failure.ts";
import { takeLock } from "./file-lock.ts";

export type FetchOptions = {
  /** Each entry is a set of packages that would do. The first set that the distribution has is taken. */
  readonly choices: readonly (readonly string[])[];
  /** The folder for the unpacked tree. */
  readonly folder: string;
  /**
   * The settings of apt for another release than the system's own. Its packages come with their own C library. `folder`:
   * for files that the settings name.
   */
  readonly otherRelease?: (folder: string) => Promise<readonly string[]>;
  /** Whether an unpacked tree works here. */
  readonly isWhole: (folder: string) => Promise<boolean>;
  readonly onFetch?: () => void;
};

const run = promisify(execFile);

/** Package lists are some 10 MB. A slow connection gets enough time, and a dead one is given up. */
const FETCH_MS = 10 * 60_000;

type AptCall = { readonly args: readonly string[]; readonly more?: readonly string[] | undefined };

/**
 * Unpacks packages of the distribution into a folder, with those of their dependencies that are not installed. It needs
 * no root and does not change the system: apt works on private lists and only reads what is installed. Resolves with
 * the folder. If several processes ask at once, one fetches and the others wait for it. A fetch that was cut short
 * leaves nothing behind that counts.
 */
export async function fetchPackages(options: FetchOptions, signal?: AbortSignal): Promise<string> {
  const folder = resolve(options.folder);
  if (await options.isWhole(folder)) return folder;

  await mkdir(dirname(folder), { recursive: true });
  const lock = await takeLock(`${folder}.lock`, FETCH_MS, signal);
  if (!lock) throw new Error(`another process is still fetching ${basename(folder)} into ${dirname(folder)}`);
  try {
    if (await options.isWhole(folder)) return folder;
    options.onFetch?.();
    await fetchInto(folder, options, signal);
    return folder;
  } finally {
    lock.release();
  }
}

async function fetchInto(folder: string, options: FetchOptions, signal?: AbortSignal): Promise<void> {
  const { isWhole, otherRelease } = options;
  const work = `${folder}.partial`;
  await rm(work, { recursive: true, force: true });
  try {
    const debs = await download(work, options, signal);
    // The C library must fit the system's loader. A program with another C library crashes, unless it is run by the
    // loader that comes with that.
    const used = otherRelease ? debs : debs.filter((deb) => !basename(deb).startsWith("libc6"));
    const tree = await unpack(used, join(work, "tree"), signal);
    if (!(await isWhole(tree))) throw new Error(`the fetched ${basename(folder)} does not run on this machine`);
    await rm(folder, { recursive: true, force: true });
    await rename(tree, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(
  work: string,
  { choices, otherRelease }: FetchOptions,
  signal?: AbortSignal,
): Promise<string[]> {
  await mkdir(join(work, "state/lists/partial"), { recursive: true });
  await mkdir(join(work, "cache/archives/partial"), { recursive: true });
  const more = await otherRelease?.(work);
  // One failing package source, such as a company's own, is no reason to stop. The download shows whether it matters.
  await apt(work, { args: ["update"], more }, signal).catch(() => {});

  let trouble: string | undefined;
  for (const names of choices) {
    try {
      const args = ["install", "--download-only", "--reinstall", "--no-install-recommends", ...names];
      await apt(work, { args, more }, signal);
      return await debsIn(join(work, "cache/archives"));
    } catch (err) {
      signal?.throwIfAborted();
      trouble ??= reasonOf(err);
    }
  }
  throw new Error(`apt-get cannot fetch ${choices.map(([name]) => name).join(" or ")}: ${trouble}`);
}

/** Lists and archives are private. Installed packages are only read, so no lock is needed. */
function apt(work: string, { args, more = [] }: AptCall, signal?: AbortSignal) {
  const settings = [
    `Dir::State=${work}/state`,
    `Dir::Cache=${work}/cache`,
    "Dir::State::status=/var/lib/dpkg/status",
    "APT::Sandbox::User=",
    "Debug::NoLocking=true",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
    "Acquire::http::Timeout=20",
    "Acquire::https::Timeout=20",
    ...more,
  ];
  const options = settings.flatMap((setting) => ["-o", setting]);
  return run("apt-get", [...options, "--quiet=2", "--yes", ...args], { signal, timeout: FETCH_MS });
}

/** The output of apt-get, without the command line. */
function reasonOf(err: unknown): string {
  const said = err instanceof Error && "stderr" in err ? String(err.stderr).trim() : "";
  return said === "" ? messageOf(err) : said;
}

async function debsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(".deb")).map((name) => join(folder, name));
}

async function unpack(debs: readonly string[], tree: string, signal?: AbortSignal): Promise<string> {
  await mkdir(tree, { recursive: true });
  for (const deb of debs) await run("dpkg-deb", ["--extract", deb, tree], { signal });
  return tree;
}

/** The library folders of an unpacked tree, in the form of LD_LIBRARY_PATH. Some libraries are one level deeper. */
export async function libraryPathOf(tree: string): Promise<string> {
  const folders: string[] = [];
  for (const parent of [join(tree, "usr/lib"), join(tree, "lib")]) {
    for (const name of await readdir(parent).catch(() => [])) {
      if (name.includes("-linux-")) folders.push(...(await foldersWithLibraries(join(parent, name))));
    }
  }
  return folders.join(":");
}

async function foldersWithLibraries(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const libraries = entries.filter(({ name }) => /^lib.*\.so/.test(name));
  return [...new Set(libraries.map(({ parentPath }) => parentPath))];
}
