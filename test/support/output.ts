/** A worker's output: as text, and as log lines to search. */
import { z } from "zod";

const LogLine = z.looseObject({ msg: z.string(), level: z.number() });
type LogLine = z.infer<typeof LogLine>;

export function createOutput() {
  let text = "";
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = "";

  function hear(chunk: string): void {
    text += chunk;
  }

  function read(chunk: string): void {
    hear(chunk);
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts.filter((one) => one.startsWith("{"))) lines.push(LogLine.parse(JSON.parse(part)));
    for (const look of waiting) look();
  }

  /** Resolves with the first line, past or future, whose message starts with this. */
  function line(message: string): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = lines.find(({ msg }) => msg.startsWith(message));
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }

  return { hear, read, line, lines: (): readonly LogLine[] => lines, text: () => text };
}
