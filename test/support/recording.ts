import { pino, type Logger } from "pino";
import { errorFields } from "../../src/core/failure.ts";
import type { Meter } from "../../src/core/meter.ts";

type Labels = Readonly<Record<string, string>>;

/** Adds up what was counted, and keeps what was observed. */
export class RecordingMeter implements Meter {
  readonly #counted: { readonly name: string; readonly labels: Labels; readonly by: number }[] = [];
  readonly observed: { readonly name: string; readonly labels: Labels; readonly ms: number }[] = [];

  count(...[name, labels, by = 1]: Parameters<Meter["count"]>): void {
    this.#counted.push({ name, labels, by });
  }

  observe(...[name, labels, ms]: Parameters<Meter["observe"]>): void {
    this.observed.push({ name, labels, ms });
  }

  /** Over all labels that were not asked about. */
  total(name: Parameters<Meter["count"]>[0], asked: Labels = {}): number {
    return this.#counted
      .filter((one) => one.name === name && Object.entries(asked).every(([key, value]) => one.labels[key] === value))
      .reduce((sum, { by }) => sum + by, 0);
  }
}

type Level = "debug" | "info" | "warn" | "error";

export type RecordingLog = {
  readonly log: Logger;
  /** The sentences said at these levels, in order. */
  said(...levels: readonly Level[]): readonly string[];
  /** The same with all that was said about them. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
};

/** A real logger that writes into memory, errors as the worker's own writes them. */
export function recordingLog(): RecordingLog {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: "debug", serializers: { err: errorFields } },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  return {
    log,
    lines,
    said: (...levels) =>
      lines
        .filter(({ level }) => levels.some((name) => log.levels.values[name] === level))
        .map(({ msg }) => String(msg)),
  };
}
