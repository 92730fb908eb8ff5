/**
 * Keeps the log readable while the same thing fails again and again. Lines that differ only in numbers, ids and
 * addresses form a group. Its first line is written in full, with the error's stack. After that, one line a minute
 * counts the others. Each of these is still written at debug, without its stack.
 */
import type { Bindings, ChildLoggerOptions, Logger } from "pino";
import { messageOf } from "./failure.ts";
import { groupOf } from "./failure-group.ts";
import { nameOf, read } from "./thrown.ts";

const often = Symbol("often");
const asItIs = Symbol("as it is");

/** Fields for a line without an error that may come often. Lines with an `err` are grouped without it. */
export const OFTEN: Readonly<Record<symbol, true>> = { [often]: true };
/** Bindings for a child logger without grouping: a handler's own lines are never grouped. */
export const AS_IT_IS: Readonly<Record<symbol, true>> = { [asItIs]: true };

export type LogGroups = {
  readonly of: (log: Logger) => Logger;
  /** Writes the counts that are not logged yet. */
  readonly close: () => void;
};

type Level = "info" | "warn" | "error";
type Write = (level: Level | "debug", fields: object, sentence: string) => void;
type Group = {
  /** When the group last wrote a line, and when it last wrote one with a stack. */
  saidAt: number;
  toldAt: number;
  more: number;
  /** Writes a line about the counted lines, with the fields of the last one. */
  summarise: (more: number) => void;
};

const LEVELS = ["info", "warn", "error"] as const;
const SUMMARY_MS = 60_000;
/** A log that is kept for a day then still contains the stack. */
const TOLD_AGAIN_MS = 3_600_000;
/** Messages come from outside. With more groups than this, the other lines of a sentence form one group. */
const MAX_GROUPS = 100;
/** Sentences are our own, so there are fewer. */
const MAX_SENTENCES = 200;
/** Fields that separate groups, beside the error. */
const APART = ["vendor", "source", "type", "address", "connection"];

export function createLogGroups(): LogGroups {
  const sentences = new Map<string, Map<string, Group>>();
  let timer: NodeJS.Timeout | undefined;
  return { of: (log) => grouped(log, {}), close: summarise };

  function grouped(log: Logger, bindings: object): Logger {
    const result: Logger = Object.create(log);
    const write: Write = (level, fields, sentence) => log[level](fields, sentence);
    for (const level of LEVELS) {
      const value = (...line: unknown[]): void => {
        const [fields, sentence] = line;
        if (typeof sentence === "string" && isGrouped(fields)) say(write, level, bindings, fields, sentence);
        else Reflect.apply(log[level], log, line);
      };
      Object.defineProperty(result, level, { value, writable: true, configurable: true });
    }
    const child = (more: Bindings, options?: ChildLoggerOptions): Logger => {
      const made = log.child(more, options);
      return asItIs in more ? made : grouped(made, { ...bindings, ...more });
    };
    return Object.defineProperty(result, "child", { value: child });
  }

  function say(write: Write, level: Level, bindings: object, fields: object, sentence: string): void {
    const group = groupFor(`${level} ${sentence}`, keyOf({ ...bindings, ...fields }));
    const now = performance.now();
    if (group.more === 0 && now - group.saidAt >= SUMMARY_MS) {
      const isTold = now - group.toldAt < TOLD_AGAIN_MS;
      write(level, isTold ? withoutStack(fields) : fields, sentence);
      group.saidAt = now;
      if (!isTold) group.toldAt = now;
      return;
    }
    const brief = withoutStack(fields);
    group.more++;
    group.summarise = (more) => write(level, { ...brief, more }, sentence);
    timer ??= setTimeout(summarise, SUMMARY_MS);
    write("debug", brief, sentence);
  }

  function groupFor(sentence: string, key: string): Group {
    const groups = sentences.get(sentence) ?? new Map<string, Group>();
    if (sentences.size < MAX_SENTENCES) sentences.set(sentence, groups);
    if (!groups.has(key) && groups.size >= MAX_GROUPS) forgetOld(groups);
    const known = groups.has(key) || groups.size < MAX_GROUPS ? key : "others";
    const group = groups.get(known) ?? { saidAt: -Infinity, toldAt: -Infinity, more: 0, summarise: () => {} };
    groups.set(known, group);
    return group;
  }

  function summarise(): void {
    clearTimeout(timer);
    timer = undefined;
    const all = [...sentences.values()].flatMap((groups) => Array.from(groups.values()));
    for (const group of all.filter(({ more }) => more > 0)) {
      group.summarise(group.more);
      group.more = 0;
      group.saidAt = performance.now();
    }
  }
}

function forgetOld(groups: Map<string, Group>): void {
  for (const [key, { saidAt, more }] of groups)
    if (more === 0 && performance.now() - saidAt >= TOLD_AGAIN_MS) groups.delete(key);
}

function isGrouped(fields: unknown): fields is object {
  return typeof fields === "object" && fields !== null && ("err" in fields || often in fields);
}

function keyOf(fields: object): string {
  const err = read(fields, "err");
  const failure = err === undefined ? [] : [nameOf(err), groupOf(messageOf(err))];
  return JSON.stringify([...APART.map((name) => read(fields, name)), ...failure]);
}

function withoutStack(fields: object): object {
  if (!("err" in fields)) return fields;
  const { err, ...rest } = fields;
  return { ...rest, reason: messageOf(err) };
}
