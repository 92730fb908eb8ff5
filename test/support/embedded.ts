/** A worker inside this process, as a user's program embeds it. For tests that need not end a process. */
import { readConfig } from "../../src/config/config.ts";
import type { Handler } from "../../src/core/handler.ts";
import { startApp } from "../../src/worker/app.ts";
import { createJsonLog } from "../../src/worker/log.ts";
import { createOutput } from "./output.ts";

export async function embedWorker(env: Readonly<Record<string, string>>, handlers: readonly Handler[]) {
  const config = readConfig({ ...env, HANDLERS: undefined });
  const { read, line, lines, text } = createOutput();
  const log = createJsonLog(config.logLevel, { write: read });
  const { url, pagesUrl = "", stop, ended } = await startApp({ config, handlers: { list: handlers }, log });
  return { url, pagesUrl, stop, ended, line, lines, text };
}
