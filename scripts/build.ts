/**
 * `npm run build`: the package as it is published, in dist/ or in the folder that is given. With `--no-check` it is made
 * without a type check, in half of the time.
 *
 * `lib/` mirrors `src/`, so that what a module finds beside itself by `import.meta` it finds in both.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { publishedPackage } from "./published-package.ts";

const ROOT = join(import.meta.dirname, "..");
/** Beside the code. The settings' example is what `init` hands out. */
const DOCUMENTS = [
  "README.md",
  "README.zh-CN.md",
  "README.ja.md",
  "CHANGELOG.md",
  "LICENSE",
  ".env.example",
  "docs/alerts.yml",
];

const { values: flags, positionals } = parseArgs({
  options: { check: { type: "boolean", default: true } },
  allowNegative: true,
  allowPositionals: true,
});
const out = resolve(positionals[0] ?? join(ROOT, "dist"));
const lib = join(out, "lib");

rmSync(out, { recursive: true, force: true });
compile();
copyAssets();
copyTemplate();
const manifest = publishedPackage(ROOT);
chmodSync(join(out, manifest.bin["reliable-callback"]), 0o755);
writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
mkdirSync(join(out, "docs"));
for (const name of DOCUMENTS) copyFileSync(join(ROOT, name), join(out, name));

function compile(): void {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", join(ROOT, "tsconfig.build.json"), "--outDir", lib, ...(flags.check ? [] : ["--noCheck"])];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  for (const file of globSync(join(lib, "**/*.d.ts"))) {
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/(\bfrom |\bimport\()"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
  }
}

/** Whatever modules read beside themselves: Lua, styles, what pages load. */
function copyAssets(): void {
  const files = globSync("**/*", { cwd: join(ROOT, "src"), withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files.filter((entry) => !entry.name.endsWith(".ts"))) {
    const target = join(parentPath.replace(join(ROOT, "src"), lib), name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(parentPath, name), target);
  }
}

/** What `init` makes projects of. Its TypeScript is text here: tools would take it for a part of the package. */
function copyTemplate(): void {
  mkdirSync(join(out, "template"));
  for (const name of readdirSync(join(ROOT, "template"))) {
    copyFileSync(join(ROOT, "template", name), join(out, "template", name.replace(/\.ts$/, ".ts.txt")));
  }
}
