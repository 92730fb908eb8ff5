/**
 * Programs that tests start and npm does not bring: an installed one, else one that is unpacked from Debian's packages, by
 * root and by anybody else, without touching the system. Redis is not among them: the worker itself fetches it in the same
 * way, and its program is Sentinel too (`redis-server FILE --sentinel`).
 */
import { execFile } from "node:child_process";
import { access, constants, glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { fetchPackages, libraryPathOf } from "../../src/redis/debian-packages.ts";
import { CACHE_FOLDER } from "./test-server.ts";

type Recipe = {
  /** Sets of packages; the first that the distribution has is taken. */
  readonly choices: readonly (readonly string[])[];
  /** Under which names it may be installed. */
  readonly names: readonly string[];
  /** Where its packages put it; other programs of theirs stand beside it. */
  readonly places: readonly string[];
  readonly versionFlag: string;
};

const RECIPES = {
  openssl: { choices: [["openssl"]], names: ["openssl"], places: ["usr/bin/openssl"], versionFlag: "version" },
  nginx: { choices: [["nginx"]], names: ["nginx"], places: ["usr/sbin/nginx"], versionFlag: "-v" },
  promtool: { choices: [["prometheus"]], names: ["promtool"], places: ["usr/bin/promtool"], versionFlag: "--version" },
  postgres: {
    choices: ["15", "17", "16", "14"].map((version) => [`postgresql-${version}`, `postgresql-client-${version}`]),
    names: ["postgres"],
    places: ["usr/lib/postgresql/*/bin/postgres"],
    versionFlag: "--version",
  },
  browser: {
    // The shell has no windows to draw, which halves the work of a page. With a font that has Chinese and Japanese.
    choices: ["chromium-headless-shell", "chromium"].map((shell) => [
      shell,
      "fontconfig-config",
      "fonts-dejavu-core",
      "fonts-droid-fallback",
    ]),
    names: ["chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"],
    places: [
      "usr/lib/chromium/chromium-headless-shell",
      "usr/lib/chromium/chromium",
      "Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    versionFlag: "--version",
  },
} as const satisfies Record<string, Recipe>;

export type Program = {
  readonly path: string;
  /** For its process, beside what the test's own has. */
  readonly env: Readonly<Record<string, string>>;
  /** The root of an unpacked tree; missing where it is installed. */
  readonly tree?: string;
};

const run = promisify(execFile);

/** Root's is a folder that every user may read, since PostgreSQL does not run as root. */
export const PROGRAMS_FOLDER = process.getuid?.() === 0 ? "/var/cache/reliable-callback" : CACHE_FOLDER;

/**
 * Call it in a `beforeAll`: the first test that needs a program waits until it is there, which may take minutes.
 * `PROGRAMS=fetch` tries the tests as on a machine where none is installed.
 */
export async function findProgram(name: keyof typeof RECIPES): Promise<Program> {
  const recipe = RECIPES[name];
  const installed = process.env["PROGRAMS"] === "fetch" ? undefined : await findInstalled(recipe);
  if (installed) return installed;
  try {
    const tree = await fetchPackages({
      choices: recipe.choices,
      folder: join(PROGRAMS_FOLDER, name),
      isWhole: async (candidate) => (await programIn(candidate, recipe)) !== undefined,
      onFetch: () => console.log(`no ${name}: fetching it from the distribution's packages into ${PROGRAMS_FOLDER}`),
    });
    const program = await programIn(tree, recipe);
    if (program) return program;
    throw new Error(`${tree} was emptied while it was in use`);
  } catch (err) {
    const packages = recipe.choices[0]?.join(" ");
    throw new Error(`these tests need ${name}: run 'sudo apt-get install ${packages}'`, { cause: err });
  }
}

/** Where Debian puts it comes first: on the PATH may stand somebody's wrapper, without the programs beside it. */
async function findInstalled({ names, places }: Recipe): Promise<Program | undefined> {
  for (const pattern of places)
    for await (const place of glob(pattern, { cwd: "/" })) return { path: join("/", place), env: {} };
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (await isProgram(path)) return { path, env: {} };
  }
  return undefined;
}

/** The program in an unpacked tree, if it really runs: a library may be missing since it was fetched. */
async function programIn(tree: string, { places, versionFlag }: Recipe): Promise<Program | undefined> {
  const env = { LD_LIBRARY_PATH: await libraryPathOf(tree) };
  for await (const place of glob([...places], { cwd: tree })) {
    const path = join(tree, place);
    const answer = await run(path, [versionFlag], { env, timeout: 30_000 }).catch(() => undefined);
    if (answer) return { path, env, tree };
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
