/** The documents' table of the keys in Redis. */
import { CANARY_ID } from "../../src/core/canary.ts";
import { documentOf, quoted } from "./documents.ts";

export type KeyRow = { readonly name: string; readonly ends: string; readonly writers: readonly string[] };

export const KEY_ROWS: readonly KeyRow[] = documentOf("docs/deploy/redis.md")
  .rows("Keys")
  .slice(1)
  .flatMap(([names = "", , , ends = "", by = ""]) =>
    quoted(names).map((name) => ({ name, ends, writers: quoted(by) })),
  );

/** Of a key whose prefix is written as in the table: the row that says most about it. */
export function rowOf(key: string): KeyRow | undefined {
  return KEY_ROWS.filter(({ name }) => patternOf(name).test(key)).toSorted((a, b) => varying(a) - varying(b))[0];
}

/** Words in capitals stand for what differs. */
function patternOf(name: string): RegExp {
  const parts = name.split(/([A-Z]+(?![A-Z_]*\}))/).map((part) => {
    if (part === "ID") return `(?:ev-[^:]+|${CANARY_ID})`;
    return /^[A-Z]+$/.test(part) ? ".+" : part.replaceAll(/[{}]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

function varying({ name }: KeyRow): number {
  return name.split(/[A-Z]+/).length;
}
