/**
 * `events`: the desk in a terminal. It asks the API of a running worker. So it needs no access to Redis, works with the
 * private Redis too, and sees exactly what the dashboard's password allows.
 */
import { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";
import { messageOf } from "../../core/failure.ts";
import { EventPage, EventWithLife } from "../../desk/contract.ts";
import { print } from "../terminal.ts";
import { type EventsOptions, HELP, readOptions } from "./options.ts";
import { listLines, showLines } from "./report.ts";

const PATIENCE_MS = 20_000;
const Refusal = z.object({ error: z.string() });

export async function events(env: Readonly<Record<string, string | undefined>>, args: readonly string[]) {
  const options = readOptions(env, args);
  if (options === "help") return print(HELP);
  const answer = await ask(options, pathOf(options));
  if (options.json) print(JSON.stringify(answer, null, 2));
  else if (options.what === "list") print(...listLines(EventPage.parse(answer)));
  else print(...showLines(EventWithLife.parse(answer)));
}

function pathOf(options: EventsOptions): string {
  if (options.what === "show") return `/api/events/${encodeURIComponent(options.id)}`;
  const asked = new URLSearchParams({ search: options.search, limit: String(options.limit) });
  return `/api/events?${asked.toString()}`;
}

async function ask({ url, authorization }: EventsOptions, path: string): Promise<unknown> {
  const asked = new URL(path, url);
  const answer = await fetch(asked, {
    headers: authorization === undefined ? {} : { authorization },
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    const fix = "is the worker running, and does it serve pages? --url says where";
    throw new ConfigError([`events: ${asked.origin} does not answer (${messageOf(cause)}): ${fix}`], { cause });
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  const refusal = answer.headers.get("content-type")?.startsWith("application/json")
    ? Refusal.safeParse(JSON.parse(text)).data?.error
    : undefined;
  throw new ConfigError([`events: ${asked.origin} answered ${answer.status}: ${refusal ?? text.trim().slice(0, 300)}`]);
}
