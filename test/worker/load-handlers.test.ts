import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { loadHandlers } from "../../src/worker/load-handlers.ts";
import { tempFolder } from "../support/temp-folder.ts";

const root = join(import.meta.dirname, "../..");

/** Loads a module the way the worker does, in a Node of its own: vitest has another way of importing. */
async function load(name: string, source?: string) {
  const folder = await tempFolder();
  const file = join(folder, name);
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/reliable-callback"));
  if (source !== undefined) await writeFile(file, source);
  const script = `
    import { loadHandlers } from ${JSON.stringify(join(root, "src/worker/load-handlers.ts"))};
    const answer = await loadHandlers(process.argv[1]).then(
      (list) => ({ list: list.map(({ vendor, type }) => vendor + "/" + type) }),
      ({ name, message }) => ({ name, message }));
    console.log(JSON.stringify(answer));`;
  const args = ["--input-type=module", "-e", script, `./${name}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const answer: unknown = JSON.parse(stdout);
  return { answer, file };
}

const handler = (type: string) => `{ vendor: "tencent-vod", type: "${type}", run() {} }`;

test("without HANDLERS the project's own list is taken", async () => {
  expect(await loadHandlers(undefined)).toEqual([]);
});

test("the example in the project's own list is a handler", async () => {
  const text = await readFile(join(root, "handlers/index.ts"), "utf8");
  const [importLine = "", line = ""] = [...text.matchAll(/^ \* (import .*|on\(.*),?;?$/gm)].map(([, code]) => code);
  const source = `${importLine}\nexport default [${line}];`;

  expect((await load("example.ts", source)).answer).toEqual({ list: ["tencent-vod/NewFileUpload"] });
});

test.each([
  ["mine.ts", `const list: object[] = [${handler("A")}, ${handler("B")}];\nexport default list;`],
  ["mine.mjs", `export default [${handler("A")}, ${handler("B")}];`],
  ["mine.js", `export default [${handler("A")}, ${handler("B")}];`],
])("a path is relative to the working directory: %s", async (name, source) => {
  expect((await load(name, source)).answer).toEqual({ list: ["tencent-vod/A", "tencent-vod/B"] });
});

test("a module that is not there is named", async () => {
  const { answer, file } = await load("absent.ts");

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
])("a module that cannot be loaded is named with the real cause: %s", async (name, source, cause) => {
  const { answer, file } = await load(name, source);

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
  [`export default [{ vendor: "tencent-vod", type: "A" }];`, ": entry 0 is not a handler: run: expected a function"],
  [
    `export default [{ ...${handler("A")}, attempts: 0 }];`,
    ": entry 0 is not a handler: attempts: Too small: expected number to be >=1",
  ],
  [
    `export default [${handler("A")}, ${handler("B")}, ${handler("A")}];`,
    ' has two handlers for vendor "tencent-vod", type "A"; keep one of them',
  ],
])("a module that is no list of handlers is refused: %s", async (source, mistake) => {
  const { answer, file } = await load("handlers.mjs", source);

  expect(answer).toEqual({ name: "ConfigError", message: `HANDLERS: ${file}${mistake}` });
});

test("every entry that is no handler is told at once", async () => {
  const { answer } = await load("handlers.mjs", "export default [1, null];");

  expect(answer).toMatchObject({ message: expect.stringMatching(/entry 0 is a number.*\n.*entry 1 is null/) });
});
