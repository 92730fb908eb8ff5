/** Reads what `src/ledger/lua/life.lua` writes. */
import { z } from "zod";
import type { DeskEvent, LifeEntry } from "./contract.ts";

type Life = Pick<DeskEvent, "type" | "subjects" | "deliveries" | "attempts"> & {
  readonly entries: readonly LifeEntry[];
};

const Subjects = z.array(z.string()).catch([]);

/** Undefined if no history is kept. */
export function readLife(text: string, firstSeenMs: number): Life | undefined {
  const [, type, subjects, told] = text.split("\t");
  if (type === undefined || subjects === undefined || told === undefined) return undefined;
  const [counts = "", ...entries] = told.split(";");
  const [deliveries, attempts] = counts.split(" ");
  return {
    type,
    subjects: Subjects.parse(parsed(`[${subjects}]`)),
    deliveries: Number(deliveries),
    attempts: Number(attempts) + entries.filter((entry) => entry.startsWith("A")).length,
    entries: readEntries(entries, firstSeenMs),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readEntries(lines: readonly string[], firstSeenMs: number): readonly LifeEntry[] {
  const timeOf = (ms: string | undefined): string => new Date(firstSeenMs + (Number(ms) || 0)).toISOString();
  let replica: string | undefined;
  let first: string | undefined;
  let error: string | undefined;
  return lines.flatMap((line, index): LifeEntry[] => {
    const [time, second = "", third, ...rest] = line.slice(1).split(" ");
    const at = timeOf(time);
    switch (line[0]) {
      case "d":
        replica = third ?? replica;
        first ??= replica;
        return [{ at, what: "delivered", receipt: `…${second}`, ...(replica !== undefined && { by: replica }) }];
      case "a": {
        const said = rest.join(" ");
        error = said === "=" ? error : said || undefined;
        const result = error === undefined ? "handled" : "failed";
        const worker = third === "=" ? first : third;
        const by = worker ? { by: worker } : {};
        return [{ at, what: "attempt", endedAt: timeOf(second), result, ...by, ...(error !== undefined && { error }) }];
      }
      case "A": {
        const by = third === "=" ? lines[index - 1]?.split(" ").at(-1) : third;
        return [{ at, what: "attempt", endedAt: timeOf(second), result: "handled", ...(by ? { by } : {}) }];
      }
      case "c":
        return [{ at, what: "confirming", result: second, ...(third !== undefined && { calls: Number(third) }) }];
      case "o": {
        const words = line.slice(1).split(" ").slice(1).join(" ");
        const [, result = words, by] = /^(.*) \(by (.*)\)$/.exec(words) ?? [];
        return [{ at, what: "action", result, ...(by !== undefined && { by }) }];
      }
      default:
        return [];
    }
  });
}

/** The facts about an event that its life contains. */
export function factsOf(entries: readonly LifeEntry[]) {
  const last = entries.findLast(({ what }) => what === "attempt");
  const handled = last?.error === undefined ? last : undefined;
  return {
    ...(handled?.endedAt !== undefined && { handledAt: handled.endedAt }),
    ...(last?.error !== undefined && { error: last.error }),
    ...(last?.by !== undefined && { worker: last.by }),
  };
}
