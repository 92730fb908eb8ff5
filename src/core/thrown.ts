/**
 * Reads a thrown value of any kind: null, a frozen object, a proxy, an error with throwing getters. Nothing here
 * throws, and only the first few thousand characters are read.
 */

const MAX_NAME = 100;
const MAX_FIELDS = 20;
const MAX_FIELD = 500;
/** Fields that are reported elsewhere. */
const NO_FIELDS = new Set(["stack", "cause", "errors"]);

/** Undefined if the property is missing, or if reading it throws. */
export function read(thing: unknown, key: PropertyKey): unknown {
  if (!isObject(thing)) return undefined;
  try {
    return Reflect.get(thing, key);
  } catch {
    return undefined;
  }
}

/** One line of at most `most` characters. Empty if there is no text. */
export function sayable(text: unknown, most: number): string {
  if (typeof text !== "string") return "";
  const line = text
    .slice(0, 4 * most)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return (line.length > most ? `${line.slice(0, most - 4)} ...` : line).toWellFormed();
}

/** `TypeError`, or the class name of an error without a name of its own. */
export function nameOf(thrown: unknown): string {
  if (typeof thrown !== "object") return "Error";
  const own = sayable(read(thrown, "name"), MAX_NAME);
  if (own !== "" && own !== "Error") return own;
  const made = classOf(thrown);
  return made === "" || made === "Object" ? "Error" : made;
}

/** The message of an error, or a short description of any other value. */
export function textOf(thrown: unknown, most: number): string {
  if (typeof thrown === "string") return sayable(thrown, most) || "an empty text was thrown";
  return (
    sayable(read(thrown, "message"), most) || (isError(thrown) ? nameless(thrown) : `${kindOf(thrown)} was thrown`)
  );
}

/** The fields that add to the message, such as `code` and `status`. Objects are left out. */
export function fieldsOf(thrown: unknown): Readonly<Record<string, string | number | boolean>> {
  const fields: [string, string | number | boolean][] = [];
  for (const key of keysOf(thrown)) {
    if (fields.length === MAX_FIELDS) break;
    // A field named toString would break the copied error.
    if (key.length > MAX_NAME || key in Error.prototype || NO_FIELDS.has(key)) continue;
    const value = read(thrown, key);
    if (typeof value === "string") fields.push([key, sayable(value, MAX_FIELD)]);
    else if (typeof value === "number" || typeof value === "boolean") fields.push([key, value]);
  }
  return Object.fromEntries(fields);
}

function isObject(thing: unknown): thing is object {
  return (typeof thing === "object" && thing !== null) || typeof thing === "function";
}

/** True for errors of another realm too. */
function isError(thing: unknown): boolean {
  try {
    return thing instanceof Error || typeof read(thing, "message") === "string";
  } catch {
    return false;
  }
}

function nameless(thrown: unknown): string {
  return sayable(read(thrown, "code"), MAX_NAME) || `${nameOf(thrown)} without a message`;
}

function kindOf(thing: unknown): string {
  if (typeof thing === "function") return `the function ${sayable(read(thing, "name"), MAX_NAME) || "without a name"}`;
  // Writing out a long number would delay the event.
  if (typeof thing === "bigint") return BigInt.asIntN(64, thing) === thing ? `${thing}n` : "a large bigint";
  if (!isObject(thing)) return sayable(String(thing), MAX_FIELD);
  const fields = JSON.stringify(fieldsOf(thing));
  if (fields !== "{}") return sayable(fields, MAX_FIELD);
  const made = classOf(thing);
  return made === "" || made === "Object" ? "an object" : `an object of the class ${made}`;
}

function classOf(thing: unknown): string {
  return sayable(read(read(thing, "constructor"), "name"), MAX_NAME);
}

/** Lists and buffers have only numbers as keys, up to millions of them. */
function keysOf(thing: unknown): readonly string[] {
  try {
    return isObject(thing) && !Array.isArray(thing) && !ArrayBuffer.isView(thing) ? Object.keys(thing) : [];
  } catch {
    return [];
  }
}
