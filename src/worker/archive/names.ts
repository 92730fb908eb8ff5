/** The files of an archive: `2026-11-20.worker-1-4711.ndjson`, with `.2` before the ending if that name was taken. */
import { hostname } from "node:os";

/** A container may get the same name and process id again. */
const PROCESS = `${hostname().replace(/[^\w.-]/g, "_")}-${process.pid}`;
const NAME = /^(\d{4}-\d\d-\d\d)\.[\w.-]+\.ndjson(\.gz(?:\.[\w.-]+\.part)?)?$/;

export type ArchiveFile = {
  readonly name: string;
  /** In UTC. */
  readonly day: string;
  /** `part`: a file that was being compressed. */
  readonly is: "plain" | "compressed" | "part";
};

export function nameOf(day: string, number: number): string {
  return number === 1 ? `${day}.${PROCESS}.ndjson` : `${day}.${PROCESS}.${number}.ndjson`;
}

/** Each process writes its own file. */
export function partOf(name: string): string {
  return `${name}.gz.${PROCESS}.part`;
}

/** Undefined for a file that is not part of the archive. */
export function readName(name: string): ArchiveFile | undefined {
  const [, day, ending] = NAME.exec(name) ?? [];
  if (day === undefined) return undefined;
  return { name, day, is: ending === undefined ? "plain" : ending === ".gz" ? "compressed" : "part" };
}

/** The UTC day of `daysAgo` days before now. */
export function dayBefore(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
}
