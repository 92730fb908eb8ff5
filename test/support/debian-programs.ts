/**
 * Programs that tests need and npm does not provide. An installed program is used first. Otherwise Debian's packages are
 * unpacked into a folder, with or without root, and the system stays as it is. Redis is not listed here: the worker
 * fetches it in the same way. The same program also runs as Sentinel (`redis-server FILE --sentinel`).
 */
import { execFile } from "node:child_process";
import { access, constants, glob, writeFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { fetchPackages, libraryPathOf } from "../../src/redis/debian-packages.ts";
import { CACHE_FOLDER } from "./cache-folder.ts";
import { settingsOf } from "./debian-release.ts";

type Recipe = {
  /** Sets of packages. The first set that the distribution offers is used. */
  readonly choices: readonly (readonly string[])[];
  /** The names under which it may be installed. */
  readonly names: readonly string[];
  /** The paths that its packages install it to. Their other programs lie beside it. */
  readonly places: readonly string[];
  readonly versionFlag: string;
  /** The release of Debian that has it, if the oldest one that the tests run on does not. */
  readonly release?: string;
};

const RECIPES = {
  openssl: { choices: [["openssl"]], names: ["openssl"], places: ["usr/bin/openssl"], versionFlag: "version" },
  nginx: { choices: [["nginx"]], names: ["nginx"], places: ["usr/sbin/nginx"], versionFlag: "-v" },
  promtool: { choices: [["prometheus"]], names: ["promtool"], places: ["usr/bin/promtool"], versionFlag: "--version" },
  valkey: {
    choices: [["valkey-server", "valkey-tools"]],
    names: ["valkey-server"],
    places: ["usr/bin/valkey-server"],
    versionFlag: "--version",
    release: "trixie",
  },
  postgres: {
    choices: ["15", "17", "16", "14"].map((version) => [`postgresql-${version}`, `postgresql-client-${version}`]),
    names: ["postgres"],
    places: ["usr/lib/postgresql/*/bin/postgres"],
    versionFlag: "--version",
  },
  browser: {
    // The headless shell draws no windows, which halves the work per page. The fonts cover Chinese and Japanese.
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
  /** Variables to add to the test's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The root of the unpacked packages. Missing if the program is installed. */
  readonly tree?: string;
};

const run = promisify(execFile);

/** For root, a folder that every user can read, since PostgreSQL does not run as root. */
export const PROGRAMS_FOLDER = process.getuid?.() === 0 ? "/var/cache/reliable-callback" : CACHE_FOLDER;

/**
 * Call it in a `beforeAll`: the first call may download the program, which takes minutes.
 * `PROGRAMS=fetch` ignores installed programs, to test a machine that has none.
 */
export async function findProgram(name: keyof typeof RECIPES): Promise<Program> {
  const recipe: Recipe = RECIPES[name];
  const { release } = recipe;
  const installed = process.env["PROGRAMS"] === "fetch" ? undefined : await findInstalled(recipe);
  if (installed) return installed;
  try {
    const tree = await fetchPackages({
      choices: recipe.choices,
      ...(release !== undefined && { otherRelease: (folder: string) => settingsOf(release, folder, PROGRAMS_FOLDER) }),
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

/** Debian's own paths come before the PATH, which may hold a wrapper without the programs beside it. */
async function findInstalled({ names, places }: Recipe): Promise<Program | undefined> {
  for (const pattern of places)
    for await (const place of glob(pattern, { cwd: "/" })) return { path: join("/", place), env: {} };
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (await isProgram(path)) return { path, env: {} };
  }
  return undefined;
}

/** The program of an unpacked tree, if it runs. A library may have gone since the download. */
async function programIn(tree: string, { places, versionFlag, release }: Recipe): Promise<Program | undefined> {
  const env = release === undefined ? { LD_LIBRARY_PATH: await libraryPathOf(tree) } : {};
  for await (const place of glob([...places], { cwd: tree })) {
    const path = release === undefined ? join(tree, place) : await startedByItsLoader(tree, place);
    const answer = await run(path, [versionFlag], { env, timeout: 30_000 }).catch(() => undefined);
    if (answer) return { path, env, tree };
  }
  return undefined;
}

/** A program of another release needs the C library beside it, which only that library's own loader can load. */
async function startedByItsLoader(tree: string, place: string): Promise<string> {
  const script = join(tree, basename(place));
  if (await isProgram(script)) return script;
  let loader = "";
  for await (const found of glob("usr/lib/*-linux-*/ld-linux-*.so.*", { cwd: tree })) loader = found;
  const libraries = (await libraryPathOf(tree)).replaceAll(`${tree}/`, "$tree/");
  const text = `#!/bin/sh\ntree=\${0%/*}\nexec "$tree/${loader}" --library-path "${libraries}" "$tree/${place}" "$@"\n`;
  await writeFile(script, text, { mode: 0o755 });
  return script;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
