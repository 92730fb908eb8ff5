/** Lets apt take packages of a release of Debian that is not the system's own. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetchPackages } from "../../src/redis/debian-packages.ts";

const run = promisify(execFile);
const KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg";
const USUAL_MIRROR = "http://deb.debian.org/debian";

/** Nothing counts as installed, since what is installed is of another release. `cacheFolder`: for the keys of Debian. */
export async function settingsOf(release: string, folder: string, cacheFolder: string): Promise<readonly string[]> {
  const [sources, status] = [join(folder, "sources.list"), join(folder, "status")];
  await writeFile(sources, `deb [signed-by=${await keyring(cacheFolder)}] ${await mirror()} ${release} main\n`);
  await writeFile(status, "");
  return [
    `Dir::State::status=${status}`,
    `Dir::Etc::sourcelist=${sources}`,
    "Dir::Etc::sourceparts=-",
    "Dir::Etc::preferencesparts=-",
  ];
}

/** The mirror of Debian that the system uses. */
async function mirror(): Promise<string> {
  const { stdout } = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)"]);
  return stdout.split("\n").find((uri) => /\/debian\/?$/.test(uri)) ?? USUAL_MIRROR;
}

/** The system may be a relative of Debian without Debian's keys. It has them as a package. */
async function keyring(cacheFolder: string): Promise<string> {
  if (existsSync(join("/", KEYRING))) return join("/", KEYRING);
  const isWhole = async (tree: string): Promise<boolean> => existsSync(join(tree, KEYRING));
  const name = "debian-archive-keyring";
  return join(await fetchPackages({ choices: [[name]], folder: join(cacheFolder, name), isWhole }), KEYRING);
}
