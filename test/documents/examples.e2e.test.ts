import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { PROJECT } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { DOCUMENTS } from "./documents.ts";

/** Translations show the same blocks. */
const blocks = [
  ...new Map(DOCUMENTS.flatMap((document) => document.blocks.map((block) => [block.text, block]))).values(),
];

test("every YAML and JSON block of the documents can be parsed", () => {
  const shown = blocks.filter(({ language }) => ["json", "yaml"].includes(language));
  for (const { language, text } of shown) {
    if (language === "json") expect(() => void JSON.parse(text), text).not.toThrow();
    else expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
  }
  expect(new Set(shown.map(({ language }) => language)).size).toBe(2);
});

test("every documented deployment gives a stop more time than SHUTDOWN_GRACE_MS", () => {
  const texts = blocks.map(({ text }) => text).join("\n");
  const times = [...texts.matchAll(/(?:terminationGracePeriodSeconds: |TimeoutStopSec=)(\d+)/g)];
  expect(times.map(([, seconds]) => Number(seconds) > 25 + 5)).toEqual([true, true]);
});

test("every TypeScript block of the documents compiles", { timeout: 180_000 }, async () => {
  const folder = await tempFolder();
  for (const name of ["node_modules", "package.json", "src"]) await symlink(join(PROJECT, name), join(folder, name));
  const shown = blocks.filter(({ language }) => language === "ts");
  const files = new Map(shown.map(({ text }) => [/^\/\/ ([\w./-]+)/.exec(text)?.[1] ?? "", text]));
  for (const [name, text] of files) await writeBlock(join(folder, "shown"), name, text, files);
  await writeFile(join(folder, "tsconfig.json"), tsconfig);
  const tsc = join(PROJECT, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", folder], { cwd: folder });
  const said = await run.then(
    ({ stdout }) => stdout,
    (err: unknown) => z.object({ stdout: z.string() }).parse(err).stdout,
  );
  expect(said).toBe("");
  expect(files.size).toBe(shown.length);
  expect(files.size).toBeGreaterThan(3);
});

const tsconfig = JSON.stringify({
  extends: join(PROJECT, "tsconfig.json"),
  compilerOptions: { typeRoots: [join(PROJECT, "node_modules/@types")] },
  include: ["shown"],
});

/** Each block names its file in its first line. It imports another block, or a file of the project. */
async function writeBlock(root: string, name: string, text: string, all: ReadonlyMap<string, string>): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  const imports = text.replaceAll(/from "(\.[^"]+)"/g, (whole, from: string) => {
    const target = join(dirname(name), from);
    return all.has(target) ? whole : `from "${resolve(PROJECT, target)}"`;
  });
  await writeFile(path, imports);
}
