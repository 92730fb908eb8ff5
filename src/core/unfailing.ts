/** A log and a meter that never throw. A failing log line must not decide whether an event is handled. */
import type { Bindings, ChildLoggerOptions, Logger } from "pino";
import { messageOf } from "./failure.ts";
import type { Meter } from "./meter.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** Loggers that were made here. They need no second wrapper. */
const covered = new WeakSet<Logger>();

/** Logs once that a line could not be written. If that fails too, the line is lost. */
export function unfailingLog(log: Logger): Logger {
  if (covered.has(log)) return log;
  const safe: Logger = Object.create(log);
  for (const level of LEVELS) {
    const write = (...line: unknown[]): void => {
      try {
        Reflect.apply(log[level], log, line);
      } catch (err) {
        attempt(() => log.error({ line: sentenceOf(line), reason: messageOf(err) }, "a line could not be logged"));
      }
    };
    Object.defineProperty(safe, level, { value: write, writable: true, configurable: true });
  }
  const child = (bindings: Bindings, options?: ChildLoggerOptions): Logger =>
    unfailingLog(attempt(() => log.child(bindings, options)) ?? log);
  Object.defineProperty(safe, "child", { value: child });
  covered.add(safe);
  return safe;
}

/** Meters that were made here. */
const safeMeters = new WeakSet<Meter>();

/** A meter that passes each value to all of these. */
export function unfailingMeter(...meters: readonly Meter[]): Meter {
  const [only] = meters;
  if (only && meters.length === 1 && safeMeters.has(only)) return only;
  const safe: Meter = {
    // Written out, since each event is measured ten times.
    count(name, labels, by) {
      for (const meter of meters) {
        try {
          meter.count(name, labels, by);
        } catch {
          continue;
        }
      }
    },
    observe(name, labels, value, types) {
      for (const meter of meters) {
        try {
          meter.observe(name, labels, value, types);
        } catch {
          continue;
        }
      }
    },
  };
  safeMeters.add(safe);
  return safe;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function sentenceOf(line: readonly unknown[]): string {
  return line.filter((part) => typeof part === "string").join(" ");
}
