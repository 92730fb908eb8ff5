import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { PROJECT, runToEnd } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";

const FILES = [
  ".dockerignore",
  ".env.example",
  ".gitignore",
  ".oxlintrc.json",
  "Dockerfile",
  "docker-compose.yml",
  "handlers.test.ts",
  "handlers.ts",
  "package.json",
  "tsconfig.json",
];

async function setup() {
  const folder = await tempFolder();
  const init = (...args: readonly string[]) => runToEnd({}, ["init", ...args], folder);
  const read = (path: string) => readFile(join(folder, path), "utf8");
  return { folder, init, read };
}

const Manifest = z.looseObject({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

test.each(["0.1.0", "git+https://git.example.com/us/reliable-callback.git#v0.1.0", "https://example.com/package.tgz"])(
  "init makes a project that depends on %s, and prints the next steps",
  async (spec) => {
    const { folder, init, read } = await setup();

    const { code, text } = await init("My Worker", "--package", spec);

    expect(code).toBe(0);
    expect(text).toMatch(/Next:\n {2}cd My Worker\n {2}npm install\n {2}npm test\n {2}npm run dev/);
    expect((await readdir(join(folder, "My Worker"))).toSorted()).toEqual(FILES);
    const manifest = Manifest.parse(JSON.parse(await read("My Worker/package.json")));
    expect(manifest).toMatchObject({ name: "my-worker", dependencies: { "reliable-callback": spec } });
    expect(await read("My Worker/Dockerfile")).not.toContain("packages");
    expect(await read("My Worker/.env.example")).toBe(await readFile(join(PROJECT, ".env.example"), "utf8"));
  },
);

test("the new project gets the same development tools as this project", async () => {
  const { init, read } = await setup();
  await init("mine", "--package", "0.1.0");

  const { devDependencies } = Manifest.parse(JSON.parse(await read("mine/package.json")));
  const own = Manifest.parse(JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"))).devDependencies;
  expect(Object.keys(devDependencies)).toEqual(["@types/node", "oxlint", "oxlint-tsgolint", "typescript"]);
  for (const [name, range] of Object.entries(devDependencies)) expect(range).toBe(`^${own[name]}`);
});

test("the new project's check finds a promise that a handler does not await, and nothing in the generated files", async () => {
  const { folder, init, read } = await setup();
  await init("mine", "--package", "0.1.0");
  const mine = join(folder, "mine");
  await install(mine);

  expect(await lint(mine)).toMatchObject({ code: 0 });
  const careless = (await read("mine/handlers.ts")).replace("log.info(", "fetch('https://example.com'); log.info(");
  await writeFile(join(mine, "handlers.ts"), careless);

  expect(await lint(mine)).toMatchObject({ code: 1, stdout: expect.stringContaining("no-floating-promises") });
});

test("the new project's type check covers handlers in folders, but no installed packages", async () => {
  const { folder, init } = await setup();
  await init("mine", "--package", "0.1.0");
  const mine = join(folder, "mine");
  for (const name of ["handlers", "node_modules/other"]) {
    await mkdir(join(mine, name), { recursive: true });
    await writeFile(join(mine, name, "uploads.test.ts"), "");
  }

  const compiler = join(PROJECT, "node_modules/typescript/bin/tsc");
  const args = [compiler, "--showConfig"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: mine });

  expect(JSON.parse(stdout)).toMatchObject({
    files: ["./handlers.test.ts", "./handlers.ts", "./handlers/uploads.test.ts"],
  });
});

/** Links to this project's packages, in place of an install by npm. */
async function install(project: string): Promise<void> {
  const own = join(project, "node_modules/reliable-callback");
  await mkdir(own, { recursive: true });
  for (const name of ["src", "package.json", "node_modules"]) await symlink(join(PROJECT, name), join(own, name));
  for (const name of [".bin", "@types", "oxlint", "oxlint-tsgolint"])
    await symlink(join(PROJECT, "node_modules", name), join(project, "node_modules", name));
}

async function lint(project: string) {
  const linter = join(project, "node_modules/oxlint/bin/oxlint");
  const args = [linter, "--deny-warnings"];
  return await promisify(execFile)(process.execPath, args, { cwd: project }).then(
    (ended) => ({ code: 0, ...ended }),
    (failed) => failed,
  );
}

test("init copies a tarball into the new project and into its image", async () => {
  const { folder, init, read } = await setup();
  await writeFile(join(folder, "package-1.tgz"), "packed");

  const { code } = await init(".", "--package", "./package-1.tgz");

  expect(code).toBe(0);
  expect(JSON.parse(await read("package.json"))).toMatchObject({
    dependencies: { "reliable-callback": "file:packages/package-1.tgz" },
  });
  expect(await read("packages/package-1.tgz")).toBe("packed");
  expect(await read("Dockerfile")).toContain("COPY packages packages\n");
});

test("if files exist, init names them and writes nothing", async () => {
  const { folder, init, read } = await setup();
  await mkdir(join(folder, "mine"));
  await writeFile(join(folder, "mine/handlers.ts"), "mine");
  await writeFile(join(folder, "mine/notes.txt"), "mine");

  const { code, text } = await init("mine", "--package", "0.1.0");

  expect(code).toBe(2);
  expect(text).toBe(
    `init: ${folder}/mine already has handlers.ts; nothing was written. Name another folder, or move these away\n`,
  );
  expect((await readdir(join(folder, "mine"))).toSorted()).toEqual(["handlers.ts", "notes.txt"]);
  expect(await read("mine/handlers.ts")).toBe("mine");
});

test.each([
  [["mine"], /was not installed as a package.*--package/],
  [["mine", "--package", "./gone.tgz"], /--package: there is no .*gone\.tgz/],
  [["mine", "--package", "."], /--package: .* is a folder; make a tarball of it with: npm pack/],
  [[], /^Usage: npm run init -- DIR/],
  [["one", "two"], /^Usage: npm run init -- DIR/],
  [["mine", "--fast"], /Unknown option '--fast'[^]*Usage: /],
])("init refuses %s and writes nothing", async (args, said) => {
  const { folder, init } = await setup();

  const { code, text } = await init(...args);

  expect(text).toMatch(said);
  expect(code).toBe(2);
  expect(await readdir(folder)).toEqual([]);
});
