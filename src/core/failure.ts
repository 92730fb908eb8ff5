/** Describes a failure in one readable line with its causes, for any thrown value. */
import { fieldsOf, nameOf, read, sayable, textOf } from "./thrown.ts";

/** The line appears in the log, in the job and on the pages. */
const MAX_MESSAGE = 1_000;
const MAX_STACK = 8_000;
/** How many causes of a chain, and how many errors of an AggregateError, are shown. */
const MAX_DEPTH = 8;
const MAX_GATHERED = 3;

/** `fetch failed: connect ECONNREFUSED 10.0.0.4:443` */
export function messageOf(thrown: unknown): string {
  return inOneLine(chainOf(thrown));
}

/** The `code` of the error or of its cause, such as `ENOENT`; otherwise the message. */
export function codeOf(thrown: unknown): string {
  const codes = linksOf(thrown).map((error) => sayable(read(error, "code"), MAX_MESSAGE));
  return codes.find((code) => code !== "") ?? messageOf(thrown);
}

/**
 * A plain error with the same content that is safe to log, to store and to read. If `reason` is given, it is our own
 * reason, which caused the rest. It comes first.
 */
export function toError(thrown: unknown, reason?: Error): Error {
  const chain = chainOf(thrown);
  const message = inOneLine(reason ? [reason, ...upToEcho(chain, reason)] : chain);
  const name = nameOf(reason ?? thrown);
  const stacks = chain.map(stackOf).filter((stack) => stack !== "");
  const told = reason || stacks.length === 0 ? [`${name}: ${message}`, ...stacks] : stacks;
  const stack = told.join("\ncaused by: ").slice(0, MAX_STACK).toWellFormed();
  const hidden = { enumerable: false, writable: true, configurable: true };
  return Object.defineProperties(Object.assign(new Error(message), fieldsOf(thrown)), {
    name: { ...hidden, value: name },
    stack: { ...hidden, value: stack },
  });
}

/** Fields for the log. Objects are left out, because clients attach whole requests with keys and payloads. */
export function errorFields(thrown: unknown): object {
  const { name: type, message, stack } = toError(thrown);
  return { ...fieldsOf(thrown), type, message, stack };
}

/** Lists the thrown value, its causes, and then the errors gathered in them. */
export function linksOf(thrown: unknown): readonly unknown[] {
  const chain = chainOf(thrown);
  return [...chain, ...chain.flatMap(gatheredIn)];
}

/** The thrown value, its cause, the cause of that, and so on. */
function chainOf(thrown: unknown): readonly unknown[] {
  const chain = [thrown];
  while (chain.length < MAX_DEPTH) {
    const cause = read(chain.at(-1), "cause");
    const tells = typeof cause === "string" || (typeof cause === "object" && cause !== null);
    if (!tells || chain.includes(cause)) break;
    chain.push(cause);
  }
  return chain;
}

/** Joins the messages. Skips a message that an earlier one contains, since many errors repeat their cause's message. */
function inOneLine(chain: readonly unknown[]): string {
  let line = "";
  for (const link of chain) {
    const gathered = gatheredIn(link).map((error) => textOf(error, MAX_MESSAGE));
    const own = gathered.length > 0 && read(link, "message") === "" ? [] : [textOf(link, MAX_MESSAGE)];
    for (const text of [...own, [...new Set(gathered)].join(", ")])
      if (!line.includes(text)) line += line === "" ? text : `: ${text}`;
  }
  return sayable(line, MAX_MESSAGE);
}

/** The errors that `Promise.any` gathers, and those of a connection that was tried at several addresses. */
function gatheredIn(thrown: unknown): readonly unknown[] {
  const errors = read(thrown, "errors");
  const first = Array.from({ length: MAX_GATHERED }, (_, index) => read(errors, index));
  return first.filter((error) => typeof read(error, "message") === "string");
}

/** Cuts the chain where it only repeats the abort: at the signal's reason, or at an AbortError. */
function upToEcho(chain: readonly unknown[], reason: Error): readonly unknown[] {
  const at = chain.findIndex((link) => link === reason || read(link, "name") === "AbortError");
  return at < 0 ? chain : chain.slice(0, at);
}

/** A stack repeats the message. If the message is long, only the frames are kept. */
function stackOf(thrown: unknown): string {
  const stack = read(thrown, "stack");
  if (typeof stack !== "string") return "";
  if (stack.length <= MAX_STACK / 2) return stack;
  const places = stack
    .slice(-MAX_STACK / 4)
    .split("\n")
    .filter((line) => line.startsWith("    at "));
  return [`${nameOf(thrown)}: ${textOf(thrown, MAX_MESSAGE)}`, ...places].join("\n");
}
