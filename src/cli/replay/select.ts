/**
 * Selects events of an archive. The archive is read completely before any event runs, so that no event runs if a line
 * is broken.
 */
import { ConfigError } from "../../config/config-error.ts";
import { codeOf } from "../../core/failure.ts";
import type { CallbackEvent } from "../../core/event.ts";
import { filesOf, readArchive } from "../../worker/archive/read.ts";
import type { ArchivedEvent } from "../../worker/archive/record.ts";
import type { ReplayOptions } from "./options.ts";

export type Selection = {
  readonly count: number;
  /** Extra text for people. */
  readonly notes: readonly string[];
  events(): AsyncIterable<CallbackEvent>;
};

type Found = { readonly place: string; readonly event: ArchivedEvent };

const MAX_MISTAKES = 10;

export async function selectArchived(dir: string, options: ReplayOptions): Promise<Selection> {
  const files = await filesOf(dir, options.from?.slice(0, 10), dayAfter(options.to)).catch((cause: unknown) => {
    throw new ConfigError([`ARCHIVE_DIR: cannot read ${dir} (${codeOf(cause)}); name the folder of an archive`], {
      cause,
    });
  });
  const mistakes: string[] = [];
  let torn = 0;
  let count = 0;
  for await (const _ of matches(true)) count += 1;
  if (mistakes.length > 0 && !options.skipUnreadable) {
    const told = mistakes.slice(0, MAX_MISTAKES);
    const more = mistakes.length > told.length ? [`... and ${mistakes.length - told.length} more lines`] : [];
    throw new ConfigError([...told, ...more, "nothing was run; fix these lines, or add --skip-unreadable"]);
  }
  const notes = [
    ...mistakes.map((mistake) => `${mistake}; skipped`),
    ...(torn > 0 ? [`${torn} last lines were cut by a crash; their events were not handled, or stand elsewhere`] : []),
  ];
  return { count, notes, events };

  async function* events(): AsyncGenerator<CallbackEvent> {
    for await (const { event } of matches(false)) {
      const { handledAt: _, ...rest } = event;
      yield rest;
    }
  }

  /** An event may be in the archive twice. Lines that are written during the replay are ignored. */
  async function* matches(isFirst: boolean): AsyncGenerator<Found> {
    const seen = new Set<string>();
    for await (const line of readArchive(dir, files)) {
      if ("mistake" in line) {
        if (isFirst && line.isTorn) torn += 1;
        else if (isFirst) mistakes.push(`${line.place}: ${line.mistake}`);
        continue;
      }
      if (!isMeant(line.event, line.event.handledAt, options) || seen.has(line.event.id)) continue;
      seen.add(line.event.id);
      yield line;
      if (seen.size >= (isFirst ? options.limit : count)) return;
    }
  }
}

/** `at`: the time that `from` and `to` select by. */
export function isMeant(event: CallbackEvent, at: string, { from, to, types, ids, text }: ReplayOptions): boolean {
  return (
    (from === undefined || at >= from) &&
    (to === undefined || at < to) &&
    (types.length === 0 || types.includes(event.type)) &&
    (ids.length === 0 || ids.includes(event.id)) &&
    (text === undefined || JSON.stringify(event).toLowerCase().includes(text))
  );
}

/** An event may have been handled just before midnight, and written after it. */
function dayAfter(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(Date.parse(time) + 86_400_000).toISOString().slice(0, 10);
}
