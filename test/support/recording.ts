import { pino, type Logger } from "pino";
import { errorFields } from "../../src/core/failure.ts";
import type { Meter } from "../../src/core/meter.ts";

type Labels = Readonly<Record<string, string>>;

/** A meter that records all counts and observations. */
export class RecordingMeter implements Meter {
  readonly #counted: { readonly name: string; readonly labels: Labels; readonly by: number }[] = [];
  readonly observed: { readonly name: string; readonly labels: Labels; readonly ms: number }[] = [];

  count(...[name, labels, by = 1]: Parameters<Meter["count"]>): void {
    this.#counted.push({ name, labels, by });
  }

  observe(...[name, labels, ms]: Parameters<Meter["observe"]>): void {
    this.observed.push({ name, labels, ms });
  }

  /** The sum over all labels that are not in `asked`. */
  total(name: Parameters<Meter["count"]>[0], asked: Labels = {}): number {
    return this.#counted
      .filter((one) => one.name === name && Object.entries(asked).every(([key, value]) => one.labels[key] === value))
      .reduce((sum, { by }) => sum + by, 0);
  }
}

type Level = "debug" | "info" | "warn" | "error";

export type RecordingLog = {
  readonly log: Logger;
  /** The messages at these levels, in order. */
  said(...levels: readonly Level[]): readonly string[];
  /** All log lines with their fields. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
};

/** A real logger that writes into memory. It formats errors as the worker's log does. */
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
