import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PackageSource } from "./package-source.ts";

/** Both lie at the same place beside `src` and beside `lib`. */
const TEMPLATE = join(import.meta.dirname, "../../../template");
const ENV_EXAMPLE = join(import.meta.dirname, "../../../.env.example");

/** The source of each file in the project. Some have other names here, because npm and tools would act on them. */
const FILES = {
  "handlers.ts": "handlers.ts",
  "handlers.test.ts": "handlers-test.ts",
  "tsconfig.json": "tsconfig.json",
  ".oxlintrc.json": "oxlintrc.json",
  Dockerfile: "Dockerfile",
  "docker-compose.yml": "docker-compose.yml",
  ".dockerignore": "dockerignore",
  ".gitignore": "gitignore",
};

/** By their paths below the project. */
export async function projectFiles(folder: string, source: PackageSource): Promise<ReadonlyMap<string, string>> {
  const files = Object.entries(FILES).map(async ([name, made]) => [name, await readTemplate(made)] as const);
  const all = new Map(await Promise.all(files));
  const dockerfile = all.get("Dockerfile") ?? "";
  return all
    .set("Dockerfile", source.tarball ? dockerfile : dockerfile.replace("COPY packages packages\n", ""))
    .set(".env.example", await readFile(ENV_EXAMPLE, "utf8"))
    .set("package.json", `${JSON.stringify(manifest(folder, source), null, 2)}\n`);
}

/** In the package, TypeScript files are stored as text, so that no tool treats them as source code of the package. */
async function readTemplate(name: string): Promise<string> {
  const path = join(TEMPLATE, name);
  return await readFile(existsSync(path) ? path : `${path}.txt`, "utf8");
}

function manifest(folder: string, { spec }: PackageSource): object {
  return {
    name: nameFor(folder),
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      start: "reliable-callback start",
      dev: "reliable-callback dev",
      doctor: "reliable-callback doctor",
      peek: "reliable-callback peek",
      // oxlint finds promises that are not awaited.
      check: "tsc && oxlint --deny-warnings",
      // An old Node fails on the pattern. Without the pattern it would find no test and succeed.
      test: "node --test '**/*.test.ts'",
    },
    dependencies: { "reliable-callback": spec },
    devDependencies: {
      "@types/node": "^24.19.2",
      oxlint: "^1.89.0",
      "oxlint-tsgolint": "^7.0.2004",
      typescript: "^7.0.2",
    },
    engines: { node: ">=24" },
    // An optional speed-up that works without its install script.
    allowScripts: { "msgpackr-extract": false },
  };
}

function nameFor(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|[._-]+$/g, "");
  return name === "" ? "video-events" : name;
}
