/** The project as it is published: built, packed, and installed where nobody has a clone. */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { PROJECT } from "../support/process.ts";
import { isForRegistry } from "../support/registry-env.ts";

const exec = promisify(execFile);

const Packed = z.object({
  filename: z.string(),
  size: z.number(),
  files: z.array(z.object({ path: z.string() })),
});
/** A list, or an object by name: this depends on the version of npm. */
const AllPacked = z.union([z.array(Packed), z.record(z.string(), Packed)]);

/** Copies the project with its packages, and without the files that were made in it. */
export async function cloneInto(folder: string): Promise<string> {
  const clone = join(folder, "clone");
  const notCloned = new Set([".git", ".cache", ".data", "dist", "node_modules"]);
  await cp(PROJECT, clone, { recursive: true, filter: (path) => !notCloned.has(relative(PROJECT, path)) });
  await symlink(join(PROJECT, "node_modules"), join(clone, "node_modules"));
  return clone;
}

/** The package in two forms: the files that npm built in this clone, and npm's tarball of them in `folder`. */
export async function publish(clone: string, folder: string) {
  await run(clone, ["scripts/prepare"], userEnv({ _PACOTE_NO_PREPARE_: "git+https://example.com/reliable-callback" }));
  const dist = join(clone, "dist");
  const packed = await pack(dist, folder);
  return { dist, tarball: join(folder, packed.filename), size: packed.size, files: namesOf(packed) };
}

/** The files that npm would pack from this folder. */
export async function filesIn(folder: string) {
  return namesOf(await pack(folder, folder, "--dry-run"));
}

async function pack(folder: string, target: string, ...flags: readonly string[]) {
  const args = ["pack", folder, "--json", "--ignore-scripts", "--pack-destination", target, ...flags];
  const { stdout } = await exec("npm", args, { cwd: target, env: userEnv() });
  const [packed] = Object.values(AllPacked.parse(JSON.parse(stdout)));
  if (!packed) throw new Error(`npm packed nothing: ${stdout}`);
  return packed;
}

function namesOf({ files }: z.infer<typeof Packed>): readonly string[] {
  return files.map(({ path }) => path).toSorted();
}

/**
 * Puts the project's Node first on the PATH. Variables that npm sets for its scripts, such as this test, stay out.
 * Variables for reaching the registry stay in.
 */
export function userEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const given = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && (!/^(npm|VITEST)/.test(name) || isForRegistry(name)),
  );
  return {
    ...z.record(z.string(), z.string()).parse(Object.fromEntries(given)),
    ...more,
    PATH: `${join(PROJECT, "bin")}:${process.env["PATH"]}`,
  };
}

export async function install(folder: string, ...specs: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }), { flag: "wx" });
  await npmInstall(folder, ...specs);
}

export async function npmInstall(folder: string, ...specs: readonly string[]): Promise<void> {
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await exec("npm", ["install", ...flags, ...specs], { cwd: folder, env: userEnv() });
}

/** Runs it to its end, whatever that is. */
export async function run(folder: string, [file, ...args]: readonly [string, ...string[]], env = userEnv()) {
  return await exec(file, args, { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (err: unknown) => z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(err),
  );
}

/** A Node that is too old: one on the PATH, else one from npm. */
export async function oldNode(folder: string): Promise<string> {
  for (const place of (process.env["PATH"] ?? "").split(":")) {
    const path = join(place, "node");
    const { stdout } = await run(folder, [path, "-p", "process.versions.node"]).catch(() => ({ stdout: "" }));
    if (Number.parseInt(stdout, 10) < 24) return path;
  }
  const name = `node-${process.platform}-${process.arch}`;
  await install(join(folder, "old-node"), `${name}@20.20.2`);
  return join(folder, "old-node/node_modules", name, "bin/node");
}

export async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}
