import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { VARIABLES } from "../../src/config/all-settings.ts";
import { PROJECT, readDockerfile, readIgnore } from "./dockerfile.ts";
import { importGraph } from "./import-graph.ts";

const names = z.record(z.string(), z.string());
test("production is the default target of the Dockerfile", () => {
  expect(readDockerfile()).toEqual(readDockerfile("production"));
});

const packageJson = z
  .object({
    name: z.string(),
    description: z.string(),
    license: z.string(),
    dependencies: names,
    optionalDependencies: names,
  })
  .parse(JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")));

describe.each([
  { target: undefined, isDemo: false },
  { target: "demo", isDemo: true },
])("Dockerfile, target $target", ({ target, isDemo }) => {
  const image = readDockerfile(target);
  const isIgnored = readIgnore();
  const sources = image.copies.flatMap(({ from, sources: own }) =>
    from === undefined ? own : readDockerfile(from).copies.flatMap((copy) => copy.sources),
  );
  const removed = isDemo ? [] : ["src/simulators"];
  const isCopied = (path: string) => !isIgnored(path) && isIn(sources, path) && !isIn(removed, path);

  test("copies only files that exist and that .dockerignore does not exclude", () => {
    expect(sources.filter((source) => !existsSync(join(PROJECT, source)) || isIgnored(source))).toEqual([]);
  });

  test("copies everything that the program loads, and simulators only for the demo", () => {
    const { files } = importGraph(PROJECT, "src/cli/index.ts");

    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !isCopied(file) && !isIn(removed, file))).toEqual([]);
  });

  test("installs every package that the program loads", () => {
    const { packages } = importGraph(PROJECT, "src/cli/index.ts");

    expect(packages).toContain("bullmq");
    const others = packages.filter((name) => name !== packageJson.name);
    expect(others.filter((name) => !(name in packageJson.dependencies))).toEqual([]);
  });

  test.each([
    ".env",
    ".env.local",
    ".git/config",
    ".npmrc",
    ".data/appendonly.aof",
    ".cache/redis-server/usr",
    "secrets/tencentcloud_secret_key",
    "node_modules/hono/package.json",
    "test/config.test.ts",
    "bench/run.ts",
    "README.md",
    "docs/README.md",
  ])("leaves out %s", (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  test("has the Node version that the project pins for Linux", () => {
    const forLinux = Object.entries(packageJson.optionalDependencies).filter(([name]) => name.includes("linux"));
    const majors = new Set(forLinux.map(([, version]) => version.split(".")[0]));

    expect([...majors].map((major) => `node:${major}-slim`)).toEqual([image.from]);
  });

  test("runs as a numbered user that is not root", () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  test("runs node directly, so that signals reach the worker", () => {
    expect(image.command).toEqual(["node", "src/cli/index.ts"]);
  });

  test("exposes the port that it sets, and sets only known settings", () => {
    const { NODE_ENV, ...ours } = image.env;

    expect(NODE_ENV).toBe("production");
    expect(ours).toEqual({ HOST: "0.0.0.0", PORT: image.port });
    expect(Object.keys(ours).filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  test("installs packages before it copies the code, so that a code change needs no new install", () => {
    const steps = image.instructions.filter(({ name }) => name === "COPY" || name === "RUN").slice(-4);

    expect(steps.map(({ name }) => name)).toEqual(["COPY", "RUN", "COPY", "COPY"]);
    expect(steps[1]?.text).toMatch(/^npm ci /);
    expect(image.copies.at(-1)?.sources).toEqual(["handlers"]);
  });

  test("has labels with name, description and licence", () => {
    const { name, description, license } = packageJson;

    expect(image.labels).toEqual({
      "org.opencontainers.image.title": name,
      "org.opencontainers.image.description": description,
      "org.opencontainers.image.licenses": license,
    });
  });
});

function isIn(paths: readonly string[], path: string): boolean {
  return paths.some((source) => path === source || path.startsWith(`${source}/`));
}
