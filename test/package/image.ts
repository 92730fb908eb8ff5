/** What the image would hold, in a folder, and its command as the image's user: as near as it gets without an engine. */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { registryEnv } from "../support/registry-env.ts";
import { PROJECT, readDockerfile, readIgnore } from "./dockerfile.ts";
import { startProcess } from "./start-process.ts";

const run = promisify(execFile);

export type Image = Awaited<ReturnType<typeof buildImage>>;

export async function buildImage() {
  const image = readDockerfile();
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-image-"));
  await chmod(folder, 0o755);
  const app = join(folder, "app");
  const bin = join(folder, "bin");
  await mkdir(bin);
  // a copy: others may not enter the folder of the checkout
  await copyFile(process.execPath, join(bin, "node"), constants.COPYFILE_FICLONE);

  const [first, ...later] = image.copies;
  await copyInto(app, [z.object({ sources: z.array(z.string()), mode: z.string() }).parse(first)]);
  const install = z.string().parse(image.runs.find((command) => command.includes("npm ci")));
  await run("sh", ["-c", install.replace(/^(--mount=\S+ )+/, "")], {
    cwd: app,
    env: { ...registryEnv(), npm_config_prefer_offline: "true" },
  });
  await copyInto(app, later);
  await run("chmod", ["-R", "a-w", app]);
  const before = await contentsOf(app);

  return {
    command: image.command,
    healthcheck: image.healthcheck,
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

async function copyInto(
  app: string,
  copies: readonly { readonly sources: readonly string[]; readonly mode: string }[],
): Promise<void> {
  const isIgnored = readIgnore();
  for (const { sources, mode } of copies) {
    for (const source of sources) {
      await cp(join(PROJECT, source), join(app, source), {
        recursive: true,
        filter: (path) => !isIgnored(relative(PROJECT, path)),
      });
      await run("chmod", ["-R", mode, join(app, source)]);
    }
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
