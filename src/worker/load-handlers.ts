import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import { toError } from "../core/failure.ts";
import type { Handler } from "../core/handler.ts";
import { checkHandlers, kindOf } from "./check-handlers.ts";

export type LoadedHandlers = {
  readonly list: readonly Handler[];
  /** The optional export `close` of the module. It closes what the handlers share, such as a database pool. */
  readonly close?: () => unknown;
  /** Probable mistakes that do not stop the worker. They are logged once at the start. */
  readonly notes?: readonly string[];
};

/** The places of handlers, in the order of the search. A compiler may have put `handlers.js` beside `handlers.ts`. */
export const PLACES = [
  "handlers.ts",
  "handlers.js",
  "handlers.mjs",
  "handlers/index.ts",
  "handlers/index.js",
  "handlers/index.mjs",
];

/** Loads the module of HANDLERS, or the first one found. Only a process without the role `work` may have none. */
export async function loadHandlers(
  { handlersPath, forward, roles }: Pick<Config, "handlersPath" | "forward" | "roles">,
  folder = process.cwd(),
): Promise<LoadedHandlers> {
  if (handlersPath !== undefined) return await loadModule(resolve(folder, handlersPath), "HANDLERS: ");
  const found = PLACES.map((place) => join(folder, place)).find((file) => existsSync(file));
  if (found !== undefined) return await loadModule(found, "");
  if (forward || !roles.includes("work")) return { list: [] };
  throw new ConfigError([
    `HANDLERS: is not set, and ${folder} has no handlers.ts, handlers.js or handlers/index.ts; ` +
      "write one, name yours, or set FORWARD_URL",
  ]);
}

async function loadModule(file: string, prefix: string): Promise<LoadedHandlers> {
  const name = `${prefix}${file}`;
  const url = pathToFileURL(file).href;
  const loaded = await importModule(url).catch((cause: unknown) => {
    throw new ConfigError([`${name} ${whyNotLoaded(cause, url)}`], { cause });
  });
  if (loaded["default"] === undefined) {
    throw new ConfigError([`${name} has no default export; end it with: export default [ ...your handlers ]`]);
  }
  const { close, strict = false } = loaded;
  if (typeof strict !== "boolean") {
    throw new ConfigError([`${name} exports ${kindOf(strict)} as strict; write: export const strict = true`]);
  }
  const { list, notes } = checkHandlers(loaded["default"], name, { strict });
  if (close === undefined) return { list, notes };
  if (!isFunction(close)) {
    throw new ConfigError([`${name} exports ${kindOf(close)} as close, not a function; rename it, or make it one`]);
  }
  return { list, notes, close };
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === "function";
}

async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  return import(/* @vite-ignore */ url);
}

/** Node reports the place of a mistake only in the stack: in its first line or first frame. */
function whyNotLoaded(cause: unknown, url: string): string {
  if (cause instanceof Error && "url" in cause && cause.url === url) return "is no file; check the path";
  const place =
    cause instanceof Error ? /(?:^|[\s(]|file:\/\/)(\/[^\s()]+:\d+)/m.exec(cause.stack ?? "")?.[1] : undefined;
  const { name, message } = toError(cause);
  const fact = name === "Error" ? message : `${name}: ${message}`;
  const where = place === undefined ? "" : ` (${place})`;
  const hint = hintFor(message);
  return `cannot be loaded: ${fact}${where}${hint === undefined ? "" : `; ${hint}`}`;
}

/** Node only removes types. It guesses no file extension, and an import of a type without `type` fails. */
function hintFor(message: string): string | undefined {
  const [, name] = /does not provide an export named '(.+?)'/.exec(message) ?? [];
  if (name !== undefined) return `if ${name} is a type, import it as one: import { type ${name} }`;
  const [, path] = /^(?:Cannot find module|Directory import) '(.+?)'/.exec(message) ?? [];
  if (path === undefined) return undefined;
  const meant = [`${path}.ts`, path.replace(/\.([cm]?)js$/, ".$1ts"), `${path}/index.ts`];
  const found = meant.find((file) => file !== path && existsSync(file));
  return found === undefined ? undefined : `write the whole name of the file: ${relative(dirname(path), found)}`;
}
