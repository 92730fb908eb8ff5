/** Secrets in files, and whether one of the files has changed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Env } from "../settings/given.ts";
import { SECRETS } from "./all-settings.ts";

/** Polled, not watched: mounted secrets change by a moved link, which file watchers do not report everywhere. */
export type SecretFiles = {
  readonly count: number;
  /** Whether a file has changed since the last call, or since the files were opened. */
  readonly haveChanged: () => boolean;
};

export function openSecretFiles(env: Env): SecretFiles {
  const paths = SECRETS.flatMap((name) => env[`${name}_FILE`] ?? []).filter((path) => path.trim() !== "");
  let known = digestOf(paths);
  return {
    count: paths.length,
    haveChanged() {
      const before = known;
      known = digestOf(paths);
      return known !== before;
    },
  };
}

/** The contents are hashed, so that no second copy of a secret stays in memory. */
function digestOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(digestOfFile(path));
  return hash.digest("hex");
}

function digestOfFile(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return "unreadable";
  }
}
