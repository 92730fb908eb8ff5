/** The little that plain node:http leaves to do. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Undefined when there is more of it than `limit` bytes; rejects when the client goes away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= limit) chunks.push(bytes);
  }
  return size <= limit ? Buffer.concat(chunks).toString("utf8") : undefined;
}

export type Sent = { readonly status: number; readonly text: string; readonly type: string };

export function send(response: ServerResponse, { status, text, type }: Sent): void {
  const headers = text === "" ? {} : { "content-type": type, "content-length": Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
