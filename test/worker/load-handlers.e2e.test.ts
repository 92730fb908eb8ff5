import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadHandlers } from "../../src/worker/load-handlers.ts";
import { PROJECT } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";

type Files = Readonly<Record<string, string>>;
const WORK = { roles: ["work"] } as const;

async function folderWith(files: Files) {
  const folder = await tempFolder();
  for (const [name, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), source);
  }
  return folder;
}

/** A Node of its own that loads modules: vitest has another way of importing. */
const loader = fork(join(import.meta.dirname, "../support/handlers-loader.ts"));
afterAll(() => loader.kill());

/** Loads the module that HANDLERS names. */
async function loadNamed(name: string, source?: string, others: Files = {}) {
  const folder = await folderWith(source === undefined ? {} : { ...others, [name]: source });
  await mkdir(join(folder, "node_modules"));
  await symlink(PROJECT, join(folder, "node_modules/reliable-callback"));
  loader.send({ folder, path: `./${name}` });
  const [answer]: unknown[] = await once(loader, "message");
  return { answer, file: join(folder, name) };
}

const handler = (type: string) => `{ vendor: "tencent-vod", type: "${type}", run() {} }`;

test.each([
  ["handlers.ts", ["handlers.js", "handlers/index.ts"]],
  ["handlers.js", ["handlers.mjs", "handlers/index.js"]],
  ["handlers.mjs", ["handlers/index.ts"]],
  ["handlers/index.ts", ["handlers/index.js", "handlers/other.ts"]],
  ["handlers/index.js", ["handlers/index.mjs"]],
  ["handlers/index.mjs", []],
])("without HANDLERS the file %s is found before others", async (name, others) => {
  const files = Object.fromEntries(others.map((other) => [other, `export default [${handler("other")}];`]));
  const folder = await folderWith({ ...files, [name]: `export default [${handler("A")}];` });

  expect((await loadHandlers(WORK, folder)).list).toMatchObject([{ type: "A" }]);
});

test("a handlers module that cannot be used is named by its path", async () => {
  const folder = await folderWith({ "handlers.ts": "export const handlers = [];" });

  await expect(loadHandlers(WORK, folder)).rejects.toThrow(
    new ConfigError([`${folder}/handlers.ts has no default export; end it with: export default [ ...your handlers ]`]),
  );
});

test("without a handlers module the error lists the places and what to do", async () => {
  const folder = await folderWith({ "handlers.txt": "", "src/handlers.ts": "" });

  await expect(loadHandlers(WORK, folder)).rejects.toThrow(
    new ConfigError([
      `HANDLERS: is not set, and ${folder} has no handlers.ts, handlers.js or handlers/index.ts; ` +
        "write one, name yours, or set FORWARD_URL",
    ]),
  );
});

test("no handlers module is needed if everything is forwarded, or if the process runs no handlers", async () => {
  const folder = await folderWith({});

  const forward = { url: "https://example.com", secrets: ["whsec_"], format: "standard" } as const;
  expect(await loadHandlers({ ...WORK, forward }, folder)).toEqual({ list: [] });
  expect(await loadHandlers({ roles: ["pull", "http"] }, folder)).toEqual({ list: [] });
});

test("a module may export `close`, which is called after its last handler", async () => {
  const folder = await folderWith({ "handlers.ts": 'export default [];\nexport const close = () => "closed";' });

  expect((await loadHandlers(WORK, folder)).close?.()).toBe("closed");
});

test("an export `close` that is not a function is a mistake", async () => {
  const folder = await folderWith({ "handlers.ts": "export default [];\nexport const close = true;" });

  await expect(loadHandlers(WORK, folder)).rejects.toThrow(
    new ConfigError([`${folder}/handlers.ts exports a boolean as close, not a function; rename it, or make it one`]),
  );
});

test("the example in this repository's handlers folder can be loaded", async () => {
  const text = await readFile(join(PROJECT, "handlers/index.ts"), "utf8");
  const [importLine = "", line = ""] = [...text.matchAll(/^ \* (import .*|on\(.*),?;?$/gm)].map(([, code]) => code);
  const source = `${importLine}\nexport default [${line}];`;

  expect((await loadNamed("example.ts", source)).answer).toEqual({ list: ["tencent-vod/NewFileUpload"] });
});

test.each([
  ["mine.ts", `const list: object[] = [${handler("A")}, ${handler("B")}];\nexport default list;`],
  ["mine.mjs", `export default [${handler("A")}, ${handler("B")}];`],
  ["mine.js", `export default [${handler("A")}, ${handler("B")}];`],
])("HANDLERS is relative to the working directory: %s", async (name, source) => {
  expect((await loadNamed(name, source)).answer).toEqual({ list: ["tencent-vod/A", "tencent-vod/B"] });
});

test("a HANDLERS path that does not exist is named", async () => {
  const { answer, file } = await loadNamed("absent.ts");

  expect(answer).toEqual({ name: "ConfigError", message: `HANDLERS: ${file} is no file; check the path` });
});

test.each([
  ["bad.ts", "export default [\n  { vendor: 'x' type: 1 }\n];", "SyntaxError: Expected ',', got 'type' (FILE:2)"],
  [
    "enum.ts",
    "enum A { B }\nexport default [];",
    "SyntaxError: TypeScript enum is not supported in strip-only mode (FILE:1)",
  ],
  ["throws.mjs", "\nthrow new TypeError('no DATABASE_URL');", "TypeError: no DATABASE_URL (FILE:2:7)"],
  ["imports.mjs", 'import "./absent.mjs";', "Cannot find module 'FOLDER/absent.mjs' imported from FILE"],
])("a handlers module that cannot be loaded is named with the real cause: %s", async (name, source, cause) => {
  const { answer, file } = await loadNamed(name, source);

  const expected = cause.replace("FILE", file).replace("FOLDER", join(file, ".."));
  expect(answer).toEqual({ name: "ConfigError", message: `HANDLERS: ${file} cannot be loaded: ${expected}` });
});

test.each([
  ["export const handlers = [];", " has no default export; end it with: export default [ ...your handlers ]"],
  ["export default { a: 1 };", " exports an object, not a list; write: export default [ ...your handlers ]"],
  ["export default () => [];", " exports a function, not a list; write: export default [ ...your handlers ]"],
  ["export default null;", " exports null, not a list; write: export default [ ...your handlers ]"],
  [
    `export default [${handler("A")}, async () => {}];`,
    ': entry 1 is a function, not a handler; make one with on("NewFileUpload", async (payload, context) => { ... })',
  ],
  [
    `export default [{ vendor: "tencent-vod", type: "A" }];`,
    ': entry 0, for "A", is not a handler: run is undefined; use a function',
  ],
  [
    `export default [{ ...${handler("A")}, attempts: 0 }];`,
    ': entry 0, for "A", is not a handler: attempts is 0; use a whole number from 1 on',
  ],
  [
    `export default [{ ...${handler("A")}, timeoutMs: "5s" }];`,
    ': entry 0, for "A", is not a handler: timeoutMs is "5s"; use a number from 1 on',
  ],
  [
    "export default [{ run() {} }];",
    ": entry 0 is not a handler: vendor is undefined; use a text\nHANDLERS: FILE: entry 0 is not a handler: type is undefined; use a text",
  ],
  [
    `export default [${handler("A")}, ${handler("B")}, ${handler("A")}];`,
    ' has two handlers for vendor "tencent-vod", type "A"; keep one of them',
  ],
])("a handlers module that exports no list of handlers is refused: %s", async (source, mistake) => {
  const { answer, file } = await loadNamed("handlers.mjs", source);

  expect(answer).toEqual({ name: "ConfigError", message: `HANDLERS: ${file}${mistake.replace("FILE", file)}` });
});

test.each([
  [
    'import { a } from "./uploads";\nexport default [a];',
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'FOLDER/uploads' imported from FILE; " +
      "write the whole name of the file: uploads.ts",
  ],
  [
    'import { a } from "./uploads.js";\nexport default [a];',
    "Cannot find module 'FOLDER/uploads.js' imported from FILE; write the whole name of the file: uploads.ts",
  ],
  [
    'import { a } from "./many";\nexport default [a];',
    "Directory import 'FOLDER/many' is not supported resolving ES modules imported from FILE; " +
      "write the whole name of the file: many/index.ts",
  ],
  [
    'import { a, Words } from "./uploads.ts";\nexport default [a];',
    "SyntaxError: The requested module './uploads.ts' does not provide an export named 'Words' (FILE:1); " +
      "if Words is a type, import it as one: import { type Words }",
  ],
])("an import that Node cannot resolve is reported with what to write: %s", async (source, told) => {
  const one = `export type Words = string[];\nexport const a = ${handler("NewFileUpload")};`;
  const { answer, file } = await loadNamed("mine.ts", source, { "uploads.ts": one, "many/index.ts": one });

  const cause = told.replace("Error [ERR_MODULE_NOT_FOUND]: ", "");
  const expected = cause.replaceAll("FILE", file).replaceAll("FOLDER", join(file, ".."));
  expect(answer).toMatchObject({ message: expect.stringContaining(expected) });
});

test("a handler that is not a function is reported with its line", async () => {
  const source =
    'import { on } from "reliable-callback/tencent-vod";\n\nexport default [on("NewFileUpload", undefined)];';
  const { answer, file } = await loadNamed("mine.mjs", source);

  expect(answer).toEqual({
    name: "ConfigError",
    message:
      `HANDLERS: ${file} cannot be loaded: TypeError: on("NewFileUpload"): undefined stands where the function must be ` +
      `that handles the event (${file}:3:17)`,
  });
});

/** The message about a handler for `ConcatCompleted`. */
function slipIn(path: string): string {
  const fact = 'a handler is for "ConcatCompleted", which is no type of Tencent VOD that this version knows';
  return `${path}: ${fact}: did you mean ConcatComplete?`;
}

test("a handler for an unknown type is noted, and is a mistake if types are strict", async () => {
  const slips = `[${handler("ConcatCompleted")}, ${handler("NewFileUpload")}]`;
  const folder = await folderWith({
    "handlers.ts": `export default ${slips};`,
    "strict/handlers.ts": `export const strict = true;\nexport default ${slips};`,
    "odd/handlers.ts": `export const strict = "yes";\nexport default ${slips};`,
  });
  const { list, notes } = await loadHandlers(WORK, folder);
  expect(list).toHaveLength(2);
  expect(notes).toEqual([slipIn(join(folder, "handlers.ts"))]);
  await expect(loadHandlers(WORK, join(folder, "strict"))).rejects.toThrow(
    new ConfigError([slipIn(join(folder, "strict/handlers.ts"))]),
  );
  await expect(loadHandlers(WORK, join(folder, "odd"))).rejects.toThrow(
    new ConfigError([`${folder}/odd/handlers.ts exports a string as strict; write: export const strict = true`]),
  );
});

test("all entries that are no handlers are reported together", async () => {
  const { answer } = await loadNamed("handlers.mjs", "export default [1, null];");

  expect(answer).toMatchObject({ message: expect.stringMatching(/entry 0 is a number.*\n.*entry 1 is null/) });
});
