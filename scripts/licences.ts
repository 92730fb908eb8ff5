/**
 * `bin/node scripts/licences.ts`: docs/licences.md, the packages that a worker brings along and their licences, as the
 * lockfile tells them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");

const Locked = z.looseObject({
  version: z.string().default(""),
  license: z.string().default("not stated"),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const Lockfile = z.object({ packages: z.record(z.string(), Locked) });

type Packages = z.infer<typeof Lockfile>["packages"];

export function licencesPage(): string {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  const paths = [...reachable(packages)].toSorted();
  const rows = paths.map((path) => {
    const { version, license } = packages[path] ?? Locked.parse({});
    return `| ${path.replace(/^.*node_modules\//, "")} | ${version} | ${license} |`;
  });
  const licences = [...new Set(paths.map((path) => packages[path]?.license ?? ""))].toSorted().join(", ");
  return [
    "# Licences of the dependencies",
    "",
    `What the package and the image bring along: ${rows.length} packages under ${licences}. The project itself is under [MIT](../LICENSE). Packages that only its development needs are not listed.`,
    "",
    "`bin/node scripts/licences.ts` makes this page from the lockfile; a test holds it against the lockfile.",
    "",
    "| Package | Version | Licence |",
    "|---|---|---|",
    ...rows,
    "",
    "`@bull-board/ui` carries its pages compiled, with React and other packages in them. Programs that are not npm packages: Node.js (MIT) in the image, and Redis or Valkey, which you run beside it under its own licence.",
    "",
  ].join("\n");
}

/** Everything that the production dependencies need, by its place in the lockfile. */
function reachable(packages: Packages): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string, name: string): void => {
    const path = resolve(packages, from, name);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    for (const next of Object.keys({ ...packages[path]?.dependencies, ...packages[path]?.optionalDependencies }))
      visit(path, next);
  };
  for (const name of Object.keys(packages[""]?.dependencies ?? {})) visit("", name);
  return found;
}

/** As Node looks for it: in the package's own folder first, then in those around it. */
function resolve(packages: Packages, from: string, name: string): string | undefined {
  const inside = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (inside in packages) return inside;
  return from === "" ? undefined : resolve(packages, from.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ""), name);
}

if (import.meta.main) writeFileSync(join(ROOT, "docs/licences.md"), licencesPage());
