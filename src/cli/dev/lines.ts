/** Selects the log lines for people who write handlers: one line per event, and every problem. */
import { z } from "zod";

const Line = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string(),
  type: z.string().optional(),
  id: z.string().optional(),
  attempt: z.number().optional(),
  ms: z.number().optional(),
  afterMs: z.number().optional(),
  err: z.looseObject({ message: z.string(), stack: z.string().optional() }).optional(),
});
type Line = z.infer<typeof Line>;

/** Fields that are not printed: the text of the line has them already, or they do not help here. */
const TOLD = new Set(["level", "time", "msg", "type", "id", "attempt", "attempts", "ms", "afterMs", "err"]);
const ABOUT_THE_EVENT = new Set(["vendor", "source"]);
const INFO = 30;
const WARN = 40;

/** Returns nothing for a line without news. Text that is not a log line is shown unchanged. */
export function readableLine(text: string): string | undefined {
  const line = read(text);
  if (line === undefined) return text.trim() === "" ? undefined : text;
  const said = sentenceOf(line);
  return said === undefined ? undefined : `${clock(line.time)}  ${said}`;
}

function sentenceOf(line: Line): string | undefined {
  const { msg, attempt = 1, ms, afterMs, err } = line;
  const event = [line.type, line.id].filter((part) => part !== undefined).join("  ");
  if (msg === "handled" && ms !== undefined) return `handled  ${event}  in ${ms} ms${again(attempt)}`;
  if (msg.startsWith("handler failed"))
    return `failed   ${event}  attempt ${attempt}, again in ${seconds(afterMs)}: ${err?.message ?? ""}`;
  if (msg.startsWith("parked")) return `parked   ${event}  ${err?.message ?? msg}`;
  // Below `warn`, show only the lines that handlers write: those are about an event.
  if (line.level < (line.id === undefined ? WARN : INFO)) return undefined;
  const mark = line.level >= WARN ? "!" : " ";
  const told = err ? `${msg}: ${err.message}` : msg;
  return `${mark}        ${[event, told, fieldsOf(line)].filter((part) => part !== "").join("  ")}`;
}

function again(attempt: number): string {
  return attempt > 1 ? `, attempt ${attempt}` : "";
}

function seconds(ms = 0): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function fieldsOf(line: Line): string {
  const left = Object.entries(line).filter(
    ([name]) => !TOLD.has(name) && !(line.id !== undefined && ABOUT_THE_EVENT.has(name)),
  );
  return left.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(" ");
}

function read(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}
