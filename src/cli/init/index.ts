/** `init DIR`: a new project, ready to install, test and start. It overwrites nothing. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "../../config/config-error.ts";
import { commandLine } from "../../core/command-line.ts";
import { messageOf } from "../../core/failure.ts";
import { print } from "../terminal.ts";
import { installedFrom, sourceOf } from "./package-source.ts";
import { projectFiles } from "./project-files.ts";

const USAGE = `Usage: ${commandLine("init", "DIR", "[--package SPEC]")}

  DIR             the folder of the project; it is made where it is not there
  --package SPEC  what package.json depends on: a tarball, a git address or a version; without it, what this command was
                  installed from`;

export async function init(args: readonly string[]): Promise<void> {
  const { positionals, values } = readArgs(args);
  if (values.help) return print(USAGE);
  const [dir, ...others] = positionals;
  if (dir === undefined || others.length > 0) throw new ConfigError([USAGE]);

  const source = values.package === undefined ? installedFrom() : sourceOf(values.package, process.cwd());
  if (!source) {
    const fix = "name it with --package: a tarball, a git address or a version";
    throw new ConfigError([`init: this command was not installed as a package, so it knows none to depend on; ${fix}`]);
  }
  const folder = resolve(dir);
  const files = await projectFiles(folder, source);
  const targets = [...files.keys(), ...(source.tarball ? [source.tarball.target] : [])];
  const taken = targets.filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0) {
    throw new ConfigError([
      `init: ${folder} already has ${taken.join(", ")}; nothing was written. Name another folder, or move these away`,
    ]);
  }
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { flag: "wx" });
  }
  if (source.tarball) {
    const target = join(folder, source.tarball.target);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source.tarball.path, target);
  }
  print(
    ...targets.toSorted(),
    "",
    "Next:",
    ...(folder === process.cwd() ? [] : [`  cd ${dir}`]),
    "  npm install",
    "  npm test",
    "  npm run dev     # a worker, with simulated vendors until .env names a real one; it says how to publish an event",
  );
}

function readArgs(args: readonly string[]) {
  const options = { package: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (err) {
    throw new ConfigError([`${messageOf(err)}\n\n${USAGE}`]);
  }
}
