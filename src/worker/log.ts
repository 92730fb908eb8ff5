import { pino, type DestinationStream, type Logger } from "pino";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { errorFields } from "../core/failure.ts";

type Level = Config["logLevel"];
type Write = (fields: object, message: string) => void;

/** What a worker needs of the log of the program around it: pino's fits, and so does `console`. */
export type WorkerLog = {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** `error` stands in for it. */
  readonly fatal?: Write;
};

/** JSON lines, on standard output if nothing else is said. */
export function createJsonLog(level: Level, destination?: DestinationStream): Logger {
  return pino({ level, base: null, serializers: { err: errorFields } }, destination);
}

const Line = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default("") });

/** A log that hands every line on, with errors as plain fields: the clients hang secrets on theirs. */
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
