import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const texts = z.record(z.string(), z.string());
const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
  license: z.string(),
  type: z.literal("module"),
  bin: z.object({ "reliable-callback": z.string() }),
  exports: texts,
  dependencies: texts,
});

/**
 * The package.json of the published package. It says what the project's own says, without what only the project needs:
 * scripts, tools, and the Node that a clone brings along.
 */
export function publishedPackage(root: string) {
  const own = Manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const { exports: entries, dependencies, ...about } = own;
  return {
    ...about,
    engines: { node: ">=24" },
    files: ["lib", "template", "docs/alerts.yml", ".env.example", "CHANGELOG.md"],
    exports: Object.fromEntries(
      Object.entries(entries).flatMap(([name, file]) =>
        expand(root, name, file).map(([entry, target]) => [entry, built(target)]),
      ),
    ),
    dependencies,
  };
}

/** A vendor more is a folder more: only the published list names them. */
function expand(root: string, name: string, file: string): readonly (readonly [name: string, file: string])[] {
  if (!file.includes("*")) return [[name, file]];
  const [before = "", after = ""] = file.split("*");
  return globSync(file, { cwd: root })
    .toSorted()
    .map((found) => `./${found}`)
    .map((found) => [name.replace("*", found.slice(before.length, found.length - after.length)), found]);
}

function built(file: string) {
  if (!file.endsWith(".ts")) return file;
  const path = file.replace("./src/", "./lib/").slice(0, -".ts".length);
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
