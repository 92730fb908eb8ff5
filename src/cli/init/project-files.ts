import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PackageSource } from "./package-source.ts";

/** Both lie at the same place beside `src` and beside `lib`. */
const TEMPLATE = join(import.meta.dirname, "../../../template");
const ENV_EXAMPLE = join(import.meta.dirname, "../../../.env.example");

/** What each file of the project is made of. Under their own names npm and tools would misunderstand some. */
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

/** In a package TypeScript stands as text, since no tool shall take it for a part of the package. */
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
      // The second finds promises that nobody waits for.
      check: "tsc && oxlint --deny-warnings",
      // With a pattern an older Node fails; without, it finds no test and is content.
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
    // A speed-up that works without its install script.
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
