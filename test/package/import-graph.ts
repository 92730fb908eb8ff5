import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;
const FILE = /new URL\("([^"]+)", import\.meta\.url\)/g;

/** Everything of ours and of others that the entries load, at the start or later; paths are relative to `folder`. */
export function importGraph(folder: string, ...entries: readonly string[]) {
  const files = new Set<string>();
  const packages = new Set<string>();
  entries.forEach(visit);
  return { files: [...files], packages: [...packages] };

  function visit(file: string): void {
    if (files.has(file)) return;
    files.add(file);
    const path = join(folder, file);
    if (!/\.[jt]s$/.test(file) || !existsSync(path)) return;
    const text = readFileSync(path, "utf8");
    for (const [, name = ""] of text.matchAll(IMPORT)) {
      if (name.startsWith(".")) visit(normalize(join(dirname(file), name)));
      else if (!name.startsWith("node:")) packages.add(packageOf(name));
    }
    for (const [, name = ""] of text.matchAll(FILE)) files.add(normalize(join(dirname(file), name)));
  }
}

function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}
