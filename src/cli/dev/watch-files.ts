import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

/** What a handler may be made of. */
const SOURCE = /\.(?:[cm]?[jt]s|json)$/;
const NOT_OURS = new Set(["node_modules", "dist", "coverage"]);
/** An editor writes a file in several steps. */
const QUIET_MS = 150;

/**
 * Calls back after a source file in `folder` changed, with its name. Installed packages and hidden folders are not
 * looked at: the recursive watch would walk through all of them.
 */
export function watchFiles(folder: string, changed: (file: string) => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  follow(folder, false);
  followNew();
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };

  function follow(path: string, recursive: boolean): void {
    const watcher = watch(path, { recursive }, (_, name) => {
      if (path === folder) followNew();
      if (name === null || !SOURCE.test(name) || name.split("/").some((part) => NOT_OURS.has(part))) return;
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET_MS, name);
    });
    const forget = (): void => {
      watcher.close();
      watchers.delete(path);
    };
    // A folder that is gone is found again if it comes back.
    watcher.on("error", forget);
    watchers.set(path, watcher);
  }

  function followNew(): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory() || NOT_OURS.has(entry.name) || entry.name.startsWith(".") || watchers.has(path))
        continue;
      follow(path, true);
    }
  }
}
