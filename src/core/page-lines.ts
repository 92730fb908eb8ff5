/** Keeps the last log lines of a handler for its event's page. They go to the log as well. */
import { format } from "node:util";
import type { Bindings, ChildLoggerOptions, Logger } from "pino";
import { messageOf } from "./failure.ts";

export const PAGE_LIMITS = {
  /** The bytes that are kept of all lines of an event, and of its progress as JSON. */
  bytes: 4 * 1024,
  lines: 50,
  /** Of one line. */
  length: 1_000,
} as const;

export type PageLines = { readonly log: Logger; readonly lines: () => readonly string[] };

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** `about`: is written in each line. */
export function keepLines(log: Logger, about: string): PageLines {
  const lines: string[] = [];
  let bytes = 0;
  return { log: keeping(log), lines: () => lines };

  function keeping(target: Logger): Logger {
    const result: Logger = Object.create(target);
    for (const level of LEVELS) {
      const value = (...line: unknown[]): void => {
        Reflect.apply(target[level], target, line);
        if (target.isLevelEnabled(level)) keep(`${new Date().toISOString()} ${about} ${level}: ${textOf(line)}`);
      };
      Object.defineProperty(result, level, { value, writable: true, configurable: true });
    }
    const child = (more: Bindings, options?: ChildLoggerOptions): Logger => keeping(target.child(more, options));
    return Object.defineProperty(result, "child", { value: child });
  }

  function keep(text: string): void {
    const line = text.slice(0, PAGE_LIMITS.length).toWellFormed();
    lines.push(line);
    bytes += Buffer.byteLength(line);
    while (bytes > PAGE_LIMITS.bytes || lines.length > PAGE_LIMITS.lines)
      bytes -= Buffer.byteLength(lines.shift() ?? "");
  }
}

/** Takes the same arguments as pino: fields or an error first, or only the message. Never throws. */
function textOf(line: readonly unknown[]): string {
  try {
    const [first, ...rest] = line;
    if (typeof first !== "object" || first === null) return format(...line);
    const said = rest.length > 0 ? `${format(...rest)} ` : "";
    return said + (first instanceof Error ? messageOf(first) : fieldsText(first));
  } catch (err) {
    return `(a line that cannot be shown: ${messageOf(err)})`;
  }
}

/** Objects are left out: clients keep whole requests there, with keys. */
function fieldsText(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]: [string, unknown]) => [name, value instanceof Error ? messageOf(value) : value] as const)
    .filter(([, value]) => value !== null && ["string", "number", "boolean", "bigint"].includes(typeof value))
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}
