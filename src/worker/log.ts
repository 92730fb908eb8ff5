import { pino, type DestinationStream, type Logger } from "pino";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { errorFields } from "../core/failure.ts";

type Level = Config["logLevel"];
type Write = (fields: object, message: string) => void;

/** The log of the surrounding program. A pino logger and `console` both fit. */
export type WorkerLog = {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** `error` is used if it is missing. */
  readonly fatal?: Write;
};

/** Writes JSON lines, by default to standard output. */
export function createJsonLog(level: Level, destination?: DestinationStream): Logger {
  return pino({ level, base: null, serializers: { err: errorFields } }, destination);
}

const Line = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default("") });

/** Passes each line on. Errors become plain fields, because clients attach secrets to their error objects. */
export function createLogInto(target: WorkerLog, level: Level): Logger {
  const log = createJsonLog(level, { write });
  const { values } = log.levels;
  return log;

  function write(text: string): void {
    const { level: number, time: _, msg, ...fields } = Line.parse(JSON.parse(text));
    if (number >= (values["fatal"] ?? Infinity) && target.fatal) target.fatal(fields, msg);
    else if (number >= (values["error"] ?? Infinity)) target.error(fields, msg);
    else if (number >= (values["warn"] ?? Infinity)) target.warn(fields, msg);
    else if (number >= (values["info"] ?? Infinity)) target.info(fields, msg);
    else target.debug(fields, msg);
  }
}
