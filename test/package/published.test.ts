import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PROJECT } from "../support/process.ts";
import { examplesContract } from "./examples-contract.ts";
import { initContract } from "./init-contract.ts";
import { cloneInto, filesIn, install, oldNode, publish, readJson, run, userEnv } from "./published.ts";

const folder = await mkdtemp(join(tmpdir(), "reliable-callback-published-"));
let clone: string;
/** The package.json of a clone that npm did not ask to prepare. */
let unprepared: unknown;
let published: Awaited<ReturnType<typeof publish>>;
const own = join(folder, "own");

beforeAll(async () => {
  clone = await cloneInto(folder);
  await run(clone, ["scripts/prepare"]);
  unprepared = await readJson(join(clone, "package.json"));
  published = await publish(clone, folder);
  await install(own, published.tarball);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the package's tarball", () => {
  test("contains every file that a worker loads, and none that only the project needs", () => {
    const { files } = published;

    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "package.json",
        ".env.example",
        "template/handlers.ts.txt",
        "template/gitignore",
        "docs/alerts.yml",
        "lib/index.js",
        "lib/index.d.ts",
        "lib/ledger/lua/accept.lua",
        "lib/http/desk/styles/frame.css",
        "lib/http/desk/desk.client.js",
      ]),
    );
    const sources = files.filter((path) => /\.[cm]?tsx?$/.test(path) && !path.endsWith(".d.ts"));
    expect(sources).toEqual([]);
    const others = files.filter(
      (path) =>
        !/^((lib|template)\/.+|docs\/alerts\.yml|\.env\.example|[A-Z]+(\.[\w-]+)?(\.md)?|package\.json)$/.test(path),
    );
    expect(others).toEqual([]);
    expect(files.filter((path) => /\.test\.|^lib\/(test|bench|scripts)\//.test(path))).toEqual([]);
  });

  test("is smaller than a megabyte", () => {
    expect(published.size).toBeLessThan(1_000_000);
    expect(published.size).toBeGreaterThan(100_000);
  });

  test("has its own package.json with the entry points and dependencies of the project", async () => {
    const Manifest = z.object({
      name: z.string(),
      exports: z.record(z.string(), z.unknown()),
      dependencies: z.object(),
    });
    const manifest = z.strictObject({
      ...Manifest.shape,
      version: z.string(),
      description: z.string(),
      keywords: z.array(z.string()),
      license: z.literal("MIT"),
      type: z.literal("module"),
      engines: z.object({ node: z.literal(">=24") }),
      bin: z.object({ "reliable-callback": z.literal("lib/cli/bin.js") }),
      files: z.array(z.string()),
    });
    const made = manifest.parse(await readJson(join(published.dist, "package.json")));
    const project = Manifest.parse(await readJson(join(PROJECT, "package.json")));

    expect(made.dependencies).toEqual(project.dependencies);
    const entries = Object.keys(project.exports).filter((name) => name !== "./*");
    expect(Object.keys(made.exports)).toEqual(expect.arrayContaining([...entries, "./tencent-vod", "./zegocloud"]));
    expect(Object.keys(made.exports)).not.toContain("./*");
  });

  test("passes publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: published.dist, strict: true, pack: "npm" });

    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("has types for every kind of module resolution", async () => {
    const attw = join(PROJECT, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const args = [attw, published.tarball, "--profile", "esm-only", "--quiet"];

    expect(await run(folder, [process.execPath, ...args])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("the package in a project of one's own", () => {
  test("can be imported by every entry point, under the names that a clone uses", async () => {
    const { exports } = z
      .object({ exports: z.record(z.string(), z.unknown()) })
      .parse(await readJson(join(published.dist, "package.json")));
    const entries = Object.keys(exports)
      .filter((name) => name !== "./package.json")
      .map((name) => name.replace(/^\./, "reliable-callback"));
    const script = `
      const names = {};
      for (const entry of ${JSON.stringify(entries)}) names[entry] = Object.keys(await import(entry));
      console.log(JSON.stringify(names));`;
    const namesIn = async (cwd: string) => {
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd });
      return z.record(z.string(), z.array(z.string())).parse(JSON.parse(stdout));
    };

    const names = await namesIn(own);

    expect(names).toEqual(await namesIn(PROJECT));
    expect(names["reliable-callback/tencent-vod"]).toContain("on");
  });

  test("has a command that prints its own name in help texts", async () => {
    const { stdout, code } = await run(own, ["npx", "reliable-callback", "--help"]);

    expect(stdout).toMatch(/^npx reliable-callback start +run the worker\n/);
    expect(stdout).not.toContain("npm run");
    expect(code).toBe(0);
  });

  test("keeps a compile cache beside its code for the next start", async () => {
    const bin = join(own, "node_modules/reliable-callback/lib/cli/bin.js");
    const env = { ...userEnv(), NODE_COMPILE_CACHE: "" };

    expect(await run(own, [process.execPath, bin, "--version"], env)).toMatchObject({ code: 0 });

    const compiled = join(own, "node_modules/reliable-callback/.cache/compiled");
    expect((await readdir(compiled, { recursive: true })).length).toBeGreaterThan(10);
  });

  test("refuses an old Node in one line, with exit code 2", async () => {
    const bin = join(own, "node_modules/reliable-callback/lib/cli/bin.js");

    const { stdout, stderr, code } = await run(own, [await oldNode(folder), bin], userEnv());

    expect(stderr).toMatch(/^reliable-callback needs Node 24 or newer, and this is \d+\.\d+\.\d+\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  }, 180_000);
});

describe("a project that init made", () => initContract({ folder, own, tarball: () => published.tarball }));

describe("the examples", () => examplesContract(() => clone));

test("installed from a git URL, the project becomes the same package", async () => {
  expect(unprepared).toEqual(await readJson(join(PROJECT, "package.json")));
  expect(await readJson(join(clone, "package.json"))).toEqual(await readJson(join(published.dist, "package.json")));
  expect(await filesIn(clone)).toEqual(published.files);
});
