/** Reads bodies and sends answers with plain node:http. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Undefined for a body of more than `limit` bytes. Rejects when the client disconnects. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => resolve(size <= limit ? Buffer.concat(chunks) : undefined));
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new Error("the client went away"));
    });
  });
}

/** Without a text there is no body. */
export function send(response: ServerResponse, status: number, text: string, type = "application/json"): void {
  const bytes = Buffer.from(text);
  const headers = text === "" ? {} : { "content-type": type, "content-length": bytes.length };
  response.writeHead(status, headers).end(bytes);
}
