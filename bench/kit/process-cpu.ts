/** CPU time of a process and its children, read from Linux. It is the only way to measure a server of many processes. */
import { readdir, readFile } from "node:fs/promises";

const TICKS_PER_SECOND = 100;

/** Resolves with undefined where there is no /proc. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const names = await readdir("/proc").catch(() => undefined);
  if (!names) return undefined;
  const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
  const family = all.filter((stat) => stat?.pid === pid || stat?.parent === pid);
  return family.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0) / TICKS_PER_SECOND;
}

/**
 * Resolves with undefined if the process has ended. The time of ended children counts for the process that waited for
 * them.
 */
async function readStat(name: string) {
  const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
  // The name may contain blanks and parentheses. The other fields cannot.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (!fields) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  return { pid: Number(name), parent: Number(fields[1]), ticks };
}
