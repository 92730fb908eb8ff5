import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { isGenuine } from "./verify.ts";

const secret = process.env["FORWARD_SECRET"] ?? "";
if (!secret) throw new Error("set FORWARD_SECRET to the worker's: whsec_...");
const path = process.env["EVENTS_FILE"] ?? "events.ndjson";

/** The ids of the events that are stored already. A database would have a unique index instead. */
const known = new Set(
  existsSync(path) ? [...readFileSync(path, "utf8").matchAll(/^\{"id":"([^"]+)"/gm)].map(([, id]) => id) : [],
);
const file = openSync(path, "a");

const server = createServer(async (request, response) => {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = request.headers;
  const body = await buffer(request); // the bytes as they came: check them first, parse them later
  if (!isGenuine(secret, { id: `${id}`, timestamp: `${timestamp}`, signature: `${signature}` }, body)) {
    response.writeHead(401).end();
    return;
  }
  if (!known.has(`${id}`)) {
    store(JSON.parse(body.toString()));
    known.add(`${id}`);
  }
  response.writeHead(204).end();
});

/** On disk before the answer: the vendor forgets the event right after it. */
function store({ id, type, event }: { readonly id: string; readonly type: string; readonly event: unknown }): void {
  appendFileSync(file, `${JSON.stringify({ id, type, event })}\n`);
  fsyncSync(file);
}

server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => console.log(server.address()));
