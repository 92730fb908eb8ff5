import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname, join, relative } from "node:path";

/** An editor writes a file in several steps. */
const QUIET_MS = 150;

export type FileWatch = {
  /** A file that exists, or may be created. */
  add(file: string): void;
  close(): void;
};

/**
 * Calls back with the name of a changed file. It watches the folders, because editors replace a file with a new one.
 * Other changes in these folders, such as files that handlers write, are ignored.
 */
export function watchFiles(changed: (file: string) => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  /** The time of the last change of each file. */
  const files = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  return {
    add(file) {
      files.set(file, changedAt(file));
      const folder = dirname(file);
      if (!watchers.has(folder)) follow(folder);
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };

  function follow(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => name !== null && look(join(folder, name)));
      watchers.set(folder, watcher);
      watcher.on("error", () => watchers.delete(folder)); // the folder is gone
    } catch {
      // The folder does not exist, so nothing in it can change.
    }
  }

  function look(file: string): void {
    const known = files.get(file);
    const now = changedAt(file);
    if (known === undefined || known === now) return;
    files.set(file, now);
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET_MS, relative(process.cwd(), file));
  }
}

/** 0 for a missing file. */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
