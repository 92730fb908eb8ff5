import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, chmod, constants, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { fetchPackages, libraryPathOf } from "../../src/redis/debian-packages.ts";
import { takeLock } from "../../src/redis/file-lock.ts";
import { CACHE_FOLDER } from "./test-server.ts";

const run = promisify(execFile);

/** An installation takes half a minute on a usual line; other test files wait for the one that does it. */
const INSTALL_MS = 240_000;

/** No sandbox, since a container has none to give; and nothing that calls out. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Start it in a `beforeAll` and close it in an `afterAll`: on a fresh machine it is installed first. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: FLAGS });
}

/** An installed Chromium; else root installs it, and anybody else unpacks it into the project's cache. */
async function chromiumPath(): Promise<string> {
  const installed = await findInstalled();
  if (installed !== undefined) return installed;
  try {
    return process.getuid?.() === 0 ? await install() : await unpack();
  } catch (err) {
    throw new Error("the browser tests need Chromium: run 'sudo apt-get install chromium'", { cause: err });
  }
}

async function findInstalled(): Promise<string | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"];
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const mac = ["/Applications/Chromium.app/Contents/MacOS/Chromium"];
  const paths = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...mac];
  for (const path of paths) {
    if (await isProgram(path)) return path;
  }
  return undefined;
}

async function install(): Promise<string> {
  await mkdir(CACHE_FOLDER, { recursive: true });
  const lock = await takeLock(join(CACHE_FOLDER, "chromium-install.lock"), INSTALL_MS);
  if (!lock) throw new Error("another process is still installing it");
  try {
    const found = await findInstalled();
    if (found !== undefined) return found;
    console.log("no chromium: installing it with apt-get");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const patience = ["-o", `DPkg::Lock::Timeout=${INSTALL_MS / 1000}`];
    await run("apt-get", [...patience, "--quiet=2", "update"], { env }).catch(() => {});
    await run("apt-get", [...patience, "--quiet=2", "--yes", "--no-install-recommends", "install", "chromium"], {
      env,
      maxBuffer: 64 << 20,
    });
    return "/usr/bin/chromium";
  } finally {
    lock.release();
  }
}

async function unpack(): Promise<string> {
  const tree = await fetchPackages({
    choices: [["chromium"]],
    folder: join(CACHE_FOLDER, "chromium"),
    isWhole: async (candidate) => runs(await wrapper(candidate)),
    onFetch: () => console.log("no chromium: fetching it from the distribution's packages into .cache/ (some 200 MB)"),
  });
  return wrapper(tree);
}

/** The distribution's own start script knows only its place in the system. */
async function wrapper(tree: string): Promise<string> {
  const path = join(tree, "run-chromium");
  const program = join(tree, "usr/lib/chromium/chromium");
  if (!existsSync(program)) return path;
  const fonts = join(tree, "etc/fonts");
  await writeFile(
    path,
    `#!/bin/sh
export LD_LIBRARY_PATH='${await libraryPathOf(tree)}'
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH='${fonts}' FONTCONFIG_SYSROOT='${tree}'
exec '${program}' "$@"
`,
  );
  await chmod(path, 0o755);
  return path;
}

async function runs(path: string): Promise<boolean> {
  const answer = await run(path, ["--version"], { timeout: 30_000 }).catch(() => undefined);
  return answer?.stdout.includes("Chromium") ?? false;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
