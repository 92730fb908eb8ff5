/** Talks to TypeScript's language server as an editor does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { PROJECT } from "./process.ts";

const Message = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({ items: z.array(z.unknown()).optional() }).optional(),
  result: z.unknown().optional(),
});
type Message = z.infer<typeof Message>;
const Hover = z.object({ contents: z.object({ value: z.string() }) }).nullish();

/** Opens a file with this text, as if it were in `test/`. The file is not on disk. */
export async function openInEditor(text: string) {
  const server = spawn(process.execPath, [join(PROJECT, "node_modules/typescript/bin/tsc"), "--lsp", "--stdio"], {
    cwd: PROJECT,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const answers = new Map<number, (result: unknown) => void>();
  let unread = Buffer.alloc(0);
  let asked = 0;
  server.stdout.on("data", (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (let message = take(); message; message = take()) hear(message);
  });
  const uri = pathToFileURL(join(PROJECT, "test/in-an-editor.ts")).href;
  await ask("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(PROJECT).href,
    capabilities: { textDocument: { hover: { contentFormat: ["plaintext"] } } },
  });
  tell("initialized", {});
  tell("textDocument/didOpen", { textDocument: { uri, languageId: "typescript", version: 1, text } });
  return { hover, close };

  /** The hover text at `behind` characters after the start of `words`. */
  async function hover(words: string, behind: number): Promise<string> {
    const before = text.slice(0, text.indexOf(words) + behind).split("\n");
    const position = { line: before.length - 1, character: (before.at(-1) ?? "").length };
    return Hover.parse(await ask("textDocument/hover", { textDocument: { uri }, position }))?.contents.value ?? "";
  }

  async function close(): Promise<void> {
    if (server.exitCode === null && server.kill()) await once(server, "exit");
  }

  function take(): Message | undefined {
    const end = unread.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(unread.subarray(0, Math.max(end, 0)).toString())?.[1]);
    const begin = end + 4;
    if (end < 0 || unread.length < begin + length) return undefined;
    const message = Message.parse(JSON.parse(unread.subarray(begin, begin + length).toString()));
    unread = unread.subarray(begin + length);
    return message;
  }

  /** The server also asks questions, about configuration. The answer is always "none". */
  function hear({ id, method, params, result }: Message): void {
    if (id !== undefined && method !== undefined) send({ id, result: params?.items?.map(() => null) ?? null });
    else if (typeof id === "number") answers.get(id)?.(result);
  }

  async function ask(method: string, params: object): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    asked += 1;
    answers.set(asked, resolve);
    send({ id: asked, method, params });
    return await promise;
  }

  function tell(method: string, params: object): void {
    send({ method, params });
  }

  function send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
}
