/** The image's content in a folder, and its command as the image's user. It is as near as it gets without an engine. */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { z } from "zod";
import { registryEnv } from "../support/registry-env.ts";
import { copyOf, type Instruction, PROJECT, readDockerfile, readIgnore } from "./dockerfile.ts";
import { startProcess } from "./start-process.ts";

const run = promisify(execFile);

export type Image = Awaited<ReturnType<typeof buildImage>>;

type Base = Awaited<ReturnType<typeof buildBase>>;

/** The stage that every image begins with. It is built once, as by an engine: installing is most of the work. */
export async function buildBase() {
  const { instructions } = readDockerfile("base");
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-base-"));
  const app = join(folder, "app");
  await layOut(app, instructions);
  return { app, instructions, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Default: the production image. */
export async function buildImage(base: Base, target?: string) {
  const image = readDockerfile(target);
  const steps = base.instructions.length;
  const [inherited, own] = [image.instructions.slice(0, steps), image.instructions.slice(steps)];
  if (!isDeepStrictEqual(inherited, base.instructions)) throw new Error(`Dockerfile: ${target} is not made of base`);
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-image-"));
  await chmod(folder, 0o755);
  const app = join(folder, "app");
  const bin = join(folder, "bin");
  await mkdir(bin);
  // A copy, since other users may not enter the folder of the checkout.
  await copyFile(process.execPath, join(bin, "node"), constants.COPYFILE_FICLONE);
  // Links: both images hold the same files, as with an engine, and nobody may write to them.
  await run("cp", ["-Rlp", base.app, app]);
  await layOut(app, own);
  await run("chmod", ["-R", "a-w", app]);
  const before = await contentsOf(app);

  return {
    command: image.command,
    healthcheck: image.healthcheck,
    /** Paths below the working folder. */
    files: before.map(([path]) => path),
    /** Nothing of this machine's environment comes along, not even a HOME. */
    start: (command: readonly string[], env: Readonly<Record<string, string>>) =>
      startProcess(command, {
        cwd: app,
        env: { PATH: `${bin}:/usr/bin:/bin`, ...image.env, ...env },
        ...userOf(image.user),
      }),
    isUntouched: async () => JSON.stringify(await contentsOf(app)) === JSON.stringify(before),
    async remove() {
      await run("chmod", ["-R", "u+w", app]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Carries out the COPY and RUN instructions, with `app` as the working folder of the image. */
async function layOut(app: string, instructions: readonly Instruction[]): Promise<void> {
  await mkdir(app, { recursive: true });
  for (const instruction of instructions) {
    if (instruction.name === "COPY") await copyInto(app, copyOf(instruction));
    if (instruction.name === "RUN") await runIn(app, instruction.text);
  }
}

async function runIn(app: string, command: string): Promise<void> {
  // what is outside of the working folder
  if (command.startsWith("install -d")) return;
  if (!/^(npm ci|rm -r) /.test(command)) throw new Error(`Dockerfile: RUN ${command} is not understood`);
  await run("sh", ["-c", command], { cwd: app, env: { ...registryEnv(), npm_config_prefer_offline: "true" } });
}

async function copyInto(app: string, { sources, from, mode, target }: ReturnType<typeof copyOf>): Promise<void> {
  if (from !== undefined) return await copyFrom(from, sources, join(app, target));
  const isIgnored = readIgnore();
  for (const source of sources) {
    await cp(join(PROJECT, source), join(app, source), {
      recursive: true,
      filter: (path) => !isIgnored(relative(PROJECT, path)),
    });
    await run("chmod", ["-R", z.string().parse(mode), join(app, source)]);
  }
}

/** Leaves the packages out: nothing copies them from that stage. */
async function copyFrom(stage: string, sources: readonly string[], target: string): Promise<void> {
  const [source = ""] = sources;
  const { workdir, instructions } = readDockerfile(stage);
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-stage-"));
  try {
    await layOut(
      folder,
      instructions.filter(({ text }) => !text.startsWith("npm ci")),
    );
    await cp(join(folder, relative(workdir, source)), target, { recursive: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Root can become the image's user; anyone else is a plain user already. */
function userOf(user: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = user.split(":").map(Number);
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

async function contentsOf(app: string): Promise<readonly (readonly [string, number, number])[]> {
  const paths = await readdir(app, { recursive: true });
  return Promise.all(
    paths.toSorted().map(async (path) => {
      const { size, mtimeMs } = await stat(join(app, path));
      return [path, size, mtimeMs] as const;
    }),
  );
}
