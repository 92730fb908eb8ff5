import type { Left } from "../../src/core/inbox.ts";
import { PAGE_LIMITS } from "../../src/core/page-lines.ts";

/** The lines and the progress that an event's attempts wrote. Only the last lines are kept. */
export class MemoryPage {
  lines: readonly string[] = [];
  progress: unknown;

  leave({ lines = [], progress }: Left): void {
    if (progress !== undefined) this.progress = JSON.parse(progress);
    this.lines = lastOf([...this.lines, ...lines]);
  }
}

function lastOf(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(-PAGE_LIMITS.lines).toReversed()) {
    bytes += Buffer.byteLength(line);
    if (bytes > PAGE_LIMITS.bytes) break;
    kept.unshift(line);
  }
  return kept;
}
