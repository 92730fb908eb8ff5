import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../../support/process.ts";
import type { Mutation } from "./mutations.ts";

const COPIED = ["package.json", "tsconfig.json", "vitest.config.ts", "bin", "src", "test", "bench"];
const SHARED = ["node_modules", ".cache"];

/** Copies the project and puts this mistake into the copy. */
export async function mutatedCopy(
  mutation: Mutation | undefined,
): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-mutated-"));
  for (const name of COPIED) await cp(join(PROJECT, name), join(folder, name), { recursive: true });
  for (const name of SHARED) await symlink(join(PROJECT, name), join(folder, name));
  if (mutation) {
    const path = join(folder, mutation.file);
    await writeFile(path, mutated(await readFile(path, "utf8"), mutation));
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export function mutated(text: string, { name, file, changes }: Mutation): string {
  return changes.reduce((changed, [find, replace]) => {
    const parts = changed.split(find);
    if (parts.length !== 2) throw new Error(`"${name}": ${file} has this ${parts.length - 1} times: ${find}`);
    return parts.join(replace);
  }, text);
}
