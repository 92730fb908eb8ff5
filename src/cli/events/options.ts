import { parseArgs } from "node:util";
import { ConfigError } from "../../config/config-error.ts";
import { messageOf } from "../../core/failure.ts";

export const HELP = `Finds events on a running worker, by its API.

  events list [SEARCH]   those that fit: a word of the id, of a subject (FileId, TaskId, ...) or of the error,
                         state:parked type:X source:Y vendor:Z older:1h newer:20m; quotes keep spaces
  events show ID         one event, its body and its life

  --limit N    of a list, at most so many (50)
  --json       as the API answers, for programs
  --url URL    the worker's pages; without it http://127.0.0.1 and PAGES_PORT or PORT

DASHBOARD_USER and DASHBOARD_PASSWORD are sent if a password is set.
`;

export type EventsOptions = {
  readonly json: boolean;
  readonly url: URL;
  readonly authorization: string | undefined;
} & (
  | { readonly what: "list"; readonly search: string; readonly limit: number }
  | { readonly what: "show"; readonly id: string }
);

type Env = Readonly<Record<string, string | undefined>>;

export function readOptions(env: Env, args: readonly string[]): EventsOptions | "help" {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        limit: { type: "string", default: "50" },
        json: { type: "boolean", default: false },
        url: { type: "string" },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    if (values.help) return "help";
    const [what = "list", ...words] = positionals;
    const about = { json: values.json, url: urlOf(env, values.url), authorization: authorizationOf(env) };
    if (what === "list") return { ...about, what, search: words.map(quoted).join(" "), limit: limitOf(values.limit) };
    if (what !== "show") throw new Error(`there is events list and events show, not events ${what}`);
    const [id, ...more] = words;
    if (id === undefined || more.length > 0) throw new Error("events show takes one id; events list finds it");
    return { ...about, what, id };
  } catch (cause) {
    throw new ConfigError([`events: ${messageOf(cause)}; --help lists the options`], { cause });
  }
}

/** The shell has removed the quotes. */
function quoted(word: string): string {
  const [, name = "", value = word] = /^([a-z]+:)(.*)$/.exec(word) ?? [];
  return /\s/.test(value) && !value.includes('"') ? `${name}"${value}"` : word;
}

function limitOf(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 500) throw new Error("--limit takes a number from 1 to 500");
  return limit;
}

function urlOf({ PAGES_PORT, PORT }: Env, given: string | undefined): URL {
  const port = [PAGES_PORT, PORT].find((one) => one !== undefined && one !== "") ?? "3000";
  const text = given ?? `http://127.0.0.1:${port}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new Error(`--url: ${JSON.stringify(text)} is no http address`);
}

function authorizationOf({ DASHBOARD_USER, DASHBOARD_PASSWORD: password }: Env): string | undefined {
  if (password === undefined || password === "") return undefined;
  return `Basic ${Buffer.from(`${DASHBOARD_USER || "admin"}:${password}`).toString("base64")}`;
}
