/** Where a new project gets this package from. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";

export type PackageSource = {
  /** The text for `dependencies` in package.json. */
  readonly spec: string;
  /** A tarball is copied into the project, so that the project and its image need no other folder. */
  readonly tarball?: { readonly path: string; readonly target: string };
};

const NAME = "reliable-callback";
/** Below the project. */
const FOLDER = "packages";
/** The same in `src` and in `lib`. */
const ROOT = join(import.meta.dirname, "../../..");

const names = z.record(z.string(), z.string()).optional();
const Manifest = z.looseObject({ dependencies: names, devDependencies: names, optionalDependencies: names });

/** The entry in the package.json that installed this package. `npx` writes one too. Undefined in a clone. */
export function installedFrom(): PackageSource | undefined {
  for (let folder = dirname(ROOT); folder !== dirname(folder); folder = dirname(folder)) {
    const spec = dependencyIn(join(folder, "package.json"));
    if (spec !== undefined) return sourceOf(spec, folder);
  }
  return undefined;
}

/** Paths are relative to `folder`. */
export function sourceOf(spec: string, folder: string): PackageSource {
  const path = resolve(folder, spec.replace(/^file:/, ""));
  if (!existsSync(path)) {
    if (/^file:|^\.{0,2}\/|\.tgz$/.test(spec) && !/^(https?|git)\W/.test(spec))
      throw new ConfigError([`init: --package: there is no ${path}`]);
    return { spec };
  }
  if (!statSync(path).isFile()) {
    throw new ConfigError([`init: --package: ${path} is a folder; make a tarball of it with: npm pack ${path}`]);
  }
  const target = `${FOLDER}/${basename(path)}`;
  return { spec: `file:${target}`, tarball: { path, target } };
}

function dependencyIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { dependencies, devDependencies, optionalDependencies } = Manifest.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  return { ...devDependencies, ...optionalDependencies, ...dependencies }[NAME];
}
