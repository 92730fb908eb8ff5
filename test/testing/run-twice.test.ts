import { createServer } from "node:http";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Handler } from "../../src/core/handler.ts";
import { runTwice, sample } from "../../src/testing/public.ts";

const upload = () => sample("tencent-vod", "NewFileUpload");

function handlerOf(run: Handler["run"]): Handler {
  return { vendor: "*", type: "*", run };
}

/** A table with a unique id, as a class, as clients are. */
class Database {
  readonly rows = new Set<unknown>();
  async query(sql: string, [id]: readonly unknown[]): Promise<{ readonly rowCount: number }> {
    if (sql.startsWith("select")) return { rowCount: this.rows.has(id) ? 1 : 0 };
    this.rows.add(id);
    return { rowCount: 1 };
  }
}

async function startService() {
  const server = createServer((request, response) => request.resume().on("end", () => response.end()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}/videos`;
}

test("runTwice runs the same event twice as its first attempt, and counts each effect in both runs", async () => {
  const url = await startService();
  const seen: string[] = [];
  const event = upload();

  const { first, second, repeated } = await runTwice(
    handlerOf(async ({ event: { id }, attempt }) => {
      seen.push(`${id} ${attempt}`);
      await fetch(url, { method: "POST", body: JSON.stringify({ key: id }) });
    }),
    event,
  );

  expect(first).toEqual({ outcome: "handled", attempts: 1 });
  expect(second).toEqual(first);
  expect(seen).toEqual([`${event.id} 1`, `${event.id} 1`]);
  expect(repeated).toEqual([{ what: `POST ${url}`, first: 1, second: 1, alike: true }]);
});

test("runTwice reports a key that is new in each run as not alike", async () => {
  const url = await startService();
  const handler = handlerOf(async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    await fetch(new Request(url, { method: "put", headers, body: "the same" }));
  });

  const { repeated, calls } = await runTwice(handler, upload());

  expect(repeated).toEqual([{ what: `PUT ${url}`, first: 1, second: 1, alike: false }]);
  const sent: unknown = expect.stringMatching(/idempotency-key: \S{36}[^]*\nthe same$/);
  expect(calls.flat().map((call) => call.with)).toEqual([sent, sent]);
});

test("runTwice reports calls of a watched object by name and first text argument", async () => {
  const db = new Database();
  const handler = handlerOf(async ({ event }) => {
    const { rowCount } = await db.query("select 1\n  from videos where id = $1", [event.id]);
    if (rowCount === 0) await db.query("insert into videos values ($1)", [event.id]);
  });

  const { effects, repeated } = await runTwice(handler, upload(), { watch: { db } });

  expect(effects).toEqual([
    { what: "db.query select 1 from videos where id = $1", first: 1, second: 1, alike: true },
    { what: "db.query insert into videos values ($1)", first: 1, second: 0, alike: false },
  ]);
  expect(repeated).toEqual(effects.slice(0, 1));
  expect(db.rows.size).toBe(1);
});

test("runTwice does not repeat a step that succeeded, even if a later line fails", async () => {
  const url = await startService();
  const handler = handlerOf(async ({ step }) => {
    const id = await step("copy", (key) => key);
    await fetch(url, { method: "POST", body: id });
  });

  const { effects } = await runTwice(handler, upload());

  expect(effects).toEqual([
    { what: "step copy", first: 1, second: 0, alike: false },
    { what: `POST ${url}`, first: 1, second: 1, alike: true },
  ]);
});

test("runTwice restores watched objects afterwards, also if the handler fails", async () => {
  const db = new Database();
  const { fetch: before } = globalThis;

  const { first, effects } = await runTwice(
    handlerOf(() => Promise.reject(new Error("down"))),
    upload(),
    { watch: { db } },
  );

  expect(first).toMatchObject({ outcome: "retry", error: { message: "down" } });
  expect(effects).toEqual([]);
  expect(Object.keys(db)).toEqual(["rows"]);
  expect(globalThis.fetch).toBe(before);
});

test("runTwice names an object whose functions cannot be watched", async () => {
  const watch = { mail: Object.freeze({ send: () => {} }) };

  await expect(
    runTwice(
      handlerOf(() => {}),
      upload(),
      { watch },
    ),
  ).rejects.toThrow(/^watch\.mail: .*cannot be watched/);
});
