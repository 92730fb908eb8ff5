import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseEnv, promisify } from "node:util";
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { SECRETS } from "../src/config/environment.ts";
import { createMetrics } from "../src/http/probes/metrics.ts";
import { anchorOf, documentOf, quoted } from "./support/documents.ts";
import { startOwnRedis } from "./support/redis.ts";
import { sourceOf, statusOf } from "./support/status.ts";
import { tempFolder } from "./support/temp-folder.ts";
import { PROJECT } from "./support/process.ts";
import { setupWorld } from "./support/worker-process.ts";

const NAMES = ["README.md", "SECURITY.md", "CHANGELOG.md"];
const readme = documentOf("README.md");
const read = (path: string): string => readFileSync(join(PROJECT, path), "utf8");
const Package = z.looseObject({ version: z.string(), scripts: z.record(z.string(), z.string()) });
const { version, scripts } = Package.parse(JSON.parse(read("package.json")));

describe.each(NAMES)("%s", (name) => {
  const { text, prose, headings } = documentOf(name);

  test("links to what exists", () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const own = targets.filter((target) => !/^https?:/.test(target));
    const missing = own.filter((target) =>
      target.startsWith("#") ? !headings.map(anchorOf).includes(target.slice(1)) : !existsSync(join(PROJECT, target)),
    );
    expect(missing).toEqual([]);
  });

  test("names files that exist", () => {
    const paths = quoted(prose).filter((code) => /^(src|test|bench|bin)\/[\w./-]*$/.test(code));
    expect(paths.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  test("names commands that exist", () => {
    const commands = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short ?? "",
    );
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
  });
});

describe("the README", () => {
  test("names tests that exist for what it promises", () => {
    const cells = readme.rows("What it promises").flatMap((row) => row.slice(2));
    const named = cells.flatMap((cell) => [...cell.matchAll(/\]\((test\/[^)]+)\) "([^"]+)"/g)]);
    expect(named.length).toBe(cells.filter((cell) => cell.includes("](")).length);
    expect(named.length).toBeGreaterThan(25);
    const missing = named.filter(([, path = "", name = ""]) => !read(path).includes(`test("${name}"`));
    expect(missing.map(([place]) => place)).toEqual([]);
  });

  test("has a row with the default for every setting, and no other", () => {
    const rows = readme.rows("Settings").filter(([name]) => name?.startsWith("`"));
    const told = rows.map(([name = "", value = ""]) => [quoted(name)[0], quoted(value)[0] ?? ""]);
    const example = parseEnv(read(".env.example").replaceAll(/^#(?=[A-Z_]+=)/gm, ""));
    expect(Object.fromEntries(told)).toEqual(example);
    expect(told).toHaveLength(Object.keys(example).length);
  });

  test("names every secret that may stand in a file, and no other", () => {
    const [told = ""] = /^Secrets may stand in files: .*$/m.exec(readme.prose) ?? [];
    expect(new Set(quoted(told).filter((name) => !name.includes("_FILE=")))).toEqual(new Set(SECRETS));
  });

  test("lists every metric, and no other", async () => {
    const everything = statusOf({ sources: [sourceOf({ backlog: 1 })] });
    const text = await createMetrics({ status: async () => everything }).text();
    const known = [...text.matchAll(/^# TYPE reliable_callback_(\w+)/gm)].map(([, name]) => name);
    const told = readme.rows("Metrics and alerts").flatMap(([names = ""]) => quoted(names));
    expect(new Set(told)).toEqual(new Set(known));
  });

  test("alerts on metrics that exist", () => {
    const rules = readme.blocks.filter(({ text }) => text.startsWith("groups:")).map(({ text }) => text);
    const used = rules.flatMap((text) => [...text.matchAll(/reliable_callback_(\w+)/g)].map(([, name]) => name));
    const told = new Set(readme.rows("Metrics and alerts").flatMap(([names = ""]) => quoted(names)));
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => name === undefined || !told.has(name))).toEqual([]);
  });

  test("quotes problems in the worker's own words", () => {
    const told = readme.rows("Readiness").flatMap(([problem = ""]) => quoted(problem));
    const source = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => read(join("src", path)))
      .join("\n");
    const others = new Set(["allow this key the action", "check TENCENTCLOUD_SECRET_"]);
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((words) => !source.includes(words) && !others.has(words))).toEqual([]);
    expect(source).toContain("allow this key the action vod:");
    expect(source).toMatch(/key\("TENCENTCLOUD_SECRET_KEY: /);
  });

  test("shows YAML and JSON that can be read, and leaves a stop more time than its grace takes", () => {
    for (const { language, text } of readme.blocks) {
      if (language === "json") expect(() => void JSON.parse(text)).not.toThrow();
      if (language === "yaml") expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
    }
    const times = [...readme.text.matchAll(/(?:terminationGracePeriodSeconds: |TimeoutStopSec=)(\d+)/g)];
    expect(times.map(([, seconds]) => Number(seconds) > 25 + 5)).toEqual([true, true]);
  });

  test("gives a Redis user the rights that the worker needs", async () => {
    const redis = await startOwnRedis();
    const { start, publish, allConfirmed, env } = await setupWorld({ redisUrl: redis.url, prefix: redis.prefix });
    const line = readme.blocks.map(({ text }) => text).find((text) => text.startsWith("ACL SETUSER worker "));
    const [command = "", ...rights] = line?.trim().replace("reliable-callback", env.QUEUE_PREFIX).split(" ") ?? [];
    const admin = new Redis(redis.url);
    await admin.call(command, ...rights);
    const url = new URL(redis.url);
    Object.assign(url, { username: "worker", password: "PASSWORD" });

    const worker = await start({ REDIS_URL: url.href, BACKOFF_MS: "20" });
    publish("flaky", { failures: 1 });
    await allConfirmed();
    expect((await fetch(`${worker.url}/dashboard/api/queues?activeQueue=events&status=latest`)).status).toBe(200);
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    const denied = await admin.call("ACL", "LOG");
    admin.disconnect();
    expect(denied).toEqual([]);
  });

  test("shows TypeScript that fits the project", { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    for (const name of ["node_modules", "package.json"]) await symlink(join(PROJECT, name), join(folder, name));
    const blocks = readme.blocks.filter(({ language }) => language === "ts");
    const files = new Map(blocks.map(({ text }) => [/^\/\/ ([\w./-]+)/.exec(text)?.[1] ?? "", text]));
    for (const [name, text] of files) await writeBlock(join(folder, "shown"), name, text, files);
    await writeFile(join(folder, "tsconfig.json"), tsconfig);
    const tsc = join(PROJECT, "node_modules/typescript/bin/tsc");
    const run = promisify(execFile)(process.execPath, [tsc, "-p", folder], { cwd: folder });
    const said = await run.then(
      ({ stdout }) => stdout,
      (err: unknown) => z.object({ stdout: z.string() }).parse(err).stdout,
    );
    expect(said).toBe("");
    expect(files.size).toBe(blocks.length);
    expect(files.size).toBeGreaterThan(3);
  });
});

describe("the changelog", () => {
  test("begins with this version", () => {
    expect(documentOf("CHANGELOG.md").headings[1]?.split(" ")[0]).toBe(version);
  });
});

const tsconfig = JSON.stringify({
  extends: join(PROJECT, "tsconfig.json"),
  compilerOptions: { typeRoots: [join(PROJECT, "node_modules/@types")] },
  include: ["shown"],
});

/** Each block says in its first line which file it is; what it imports is another block, or the project's own file. */
async function writeBlock(root: string, name: string, text: string, all: ReadonlyMap<string, string>): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  const imports = text.replaceAll(/from "((?:\.|\/opt\/reliable-callback\/)[^"]+)"/g, (whole, from: string) => {
    if (from.startsWith("/")) return `from "${join(PROJECT, from.replace("/opt/reliable-callback", ""))}"`;
    const target = join(dirname(name), from);
    return all.has(target) ? whole : `from "${resolve(PROJECT, target)}"`;
  });
  await writeFile(path, imports);
}
