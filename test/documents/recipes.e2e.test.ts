/** The code of docs/recipes.md, on a real PostgreSQL. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { readConfig } from "../../src/config/config.ts";
import type { Handler } from "../../src/core/handler.ts";
import { createWorker, run, runTwice, sample } from "../../src/testing/public.ts";
import { startApp } from "../../src/worker/app.ts";
import { findProgram } from "../support/debian-programs.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { PROJECT } from "../support/process.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";
import { documentOf } from "./documents.ts";

const { blocks } = documentOf("docs/recipes.md");
const TABLES = blocks.flatMap(({ text }) => [...text.matchAll(/^\/\/ create table (\w+) (.*);$/gm)]);
const AHandler = z.custom<Handler>((value) => typeof value === "object" && value !== null && "run" in value);
const Pool = z.object({ db: z.custom<{ end(): Promise<void> }>((value) => typeof value === "object") });

let postgres: Awaited<ReturnType<typeof startPostgresServer>>;
let folder: string;
let pool: { end(): Promise<void> };

beforeAll(async () => {
  await findProgram("postgres");
  postgres = await startPostgresServer({ durable: false });
  vi.stubEnv("DATABASE_URL", postgres.url);
  folder = await mkdtemp(join(tmpdir(), "reliable-callback-recipes-"));
  for (const name of ["node_modules", "package.json", "src"]) await symlink(join(PROJECT, name), join(folder, name));
  await mkdir(join(folder, "recipes"));
  for (const { text } of blocks) await writeFile(join(folder, /^\/\/ (\S+)/.exec(text)?.[1] ?? ""), text);
  pool = Pool.parse(await load("db")).db;
});
afterAll(async () => {
  await pool.end();
  // its connections are still closing, and one that the server cuts throws into the test run
  const others =
    "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  await until("the pool has left", async () => (await postgres.query(others)) === "0", {
    timeoutMs: 20_000,
    pauseMs: 100,
  });
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await postgres.query(
    TABLES.map(([, name, columns]) => `drop table if exists ${name}; create table ${name} ${columns};`).join(" "),
  );
});

async function load(name: string): Promise<Record<string, unknown>> {
  const path = pathToFileURL(join(folder, `recipes/${name}.ts`)).href;
  return z.record(z.string(), z.unknown()).parse(await import(path));
}

async function handlerOf(file: string, name: string): Promise<Handler> {
  return AHandler.parse((await load(file))[name]);
}

const upload = (FileId: string) => sample("tencent-vod", "NewFileUpload", { body: { FileUploadEvent: { FileId } } });
const clip = (FileUrl: string) =>
  sample("tencent-vod", "ClipComplete", { body: { ClipCompleteEvent: { TaskId: "t1", FileInfo: { FileUrl } } } });
const procedure = (FileId: string, TaskId: string) =>
  sample("tencent-vod", "ProcedureStateChanged", { body: { ProcedureStateChangeEvent: { FileId, TaskId } } });

test("docs/recipes.md: a row is written once, however often its event runs", async () => {
  const { first, second } = await runTwice(await handlerOf("row-once", "onUpload"), upload("f1"));

  expect([first.outcome, second.outcome]).toEqual(["handled", "handled"]);
  expect(await postgres.query("select file from uploads")).toBe("f1");
});

test("docs/recipes.md: a second run leaves the stored state the same, and keeps fields of a later event", async () => {
  const handler = await handlerOf("state", "onVideo");
  const known = { FileId: "f1", MediaBasicInfo: { Name: "mine" }, MetaData: { Duration: 12 } };
  await runTwice(handler, sample("tencent-vod", "NewFileUpload", { body: { FileUploadEvent: known } }));
  const unknown = { FileId: "f1", MediaBasicInfo: null, MetaData: null };
  await run(handler, sample("tencent-vod", "NewFileUpload", { body: { FileUploadEvent: unknown } }));

  expect(await postgres.query("select * from videos")).toBe("f1|mine|12");
});

test("docs/recipes.md: an API is called with one idempotency key, its rate limit is waited for, and a refused request is not repeated", async () => {
  const handler = await handlerOf("api", "onPulled");
  const event = sample("tencent-vod", "PullComplete");
  const answers = [
    new Response(null, { status: 429, headers: { "Retry-After": "90" } }),
    new Response(),
    new Response(),
  ];
  const fetched = vi.fn<typeof fetch>(async () => answers.shift() ?? new Response(null, { status: 400 }));
  vi.stubGlobal("fetch", fetched);
  const worker = createWorker(handler);
  const life = worker.accept(event);
  await worker.settle();

  expect(life.attempts.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 90_000]);
  const keys = fetched.mock.calls.map(([, init]) => new Headers(init?.headers).get("Idempotency-Key"));
  expect(keys).toEqual([event.id, event.id]);
  answers.length = 0;
  expect(await run(handler, event)).toMatchObject({ outcome: "parked", error: { message: "the API answered 400" } });
  vi.unstubAllGlobals();
});

test("docs/recipes.md: a step that succeeded is not repeated if the mail after it fails", async () => {
  const called: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    called.push(new URL(url).pathname);
    return new Response("o1", { status: called.length === 2 ? 503 : 200 });
  });

  const event = sample("tencent-vod", "EditMediaComplete");
  expect(await run(await handlerOf("steps", "onEdited"), event, { attempts: 2 })).toMatchObject({ outcome: "handled" });
  expect(called).toEqual(["/orders", "/mails", "/mails"]);
  vi.unstubAllGlobals();
});

test("docs/recipes.md: the last of two events does the work once, in any order and at the same time", async () => {
  const handlers = z.array(AHandler).parse((await load("last-of-two"))["bothOf"]);
  const events = [upload("f1"), procedure("f1", "t1"), procedure("f2", "t2"), upload("f2"), upload("f3")];

  await Promise.all(events.map(async (event) => await runTwice(handlers, event)));

  expect(await postgres.query("select string_agg(file, ' ' order by file) from publications")).toBe("f1 f2");
});

test("docs/recipes.md: only one handler at a time reads and writes the state of a file, in two workers", async () => {
  const onChange = await handlerOf("one-at-a-time", "onChange");
  const { simulator, env, allConfirmed } = await setupWorld();
  const config = readConfig({ ...env, HANDLERS: undefined });
  const start = () => startApp({ config, handlers: { list: [onChange] }, log: pino({ level: "silent" }) });
  const apps = await Promise.all([start(), start()]);
  onTestFinished(async () => void (await Promise.all(apps.map((app) => app.stop()))));
  for (let n = 0; n < 24; n++) {
    simulator.publish("ProcedureStateChanged", { body: { FileId: `f${n % 2}`, TaskId: `t${n}` } });
  }
  await allConfirmed();

  expect(await postgres.query("select string_agg(file || ' ' || seen, ', ' order by file) from counts")).toBe(
    "f0 12, f1 12",
  );
});

test("docs/recipes.md: slow work reports its progress, and a failed copy is tried again", async () => {
  const handler = await handlerOf("slow", "onTranscoded");
  const body = { TranscodeCompleteEvent: { PlayInfoSet: [{ Url: "a" }, { Url: "b" }] } };
  const event = sample("tencent-vod", "TranscodeComplete", { body });

  vi.stubEnv("COPY_COMMAND", "true");
  expect(await run(handler, event)).toMatchObject({ outcome: "handled" });
  vi.stubEnv("COPY_COMMAND", "false");
  expect(await run(handler, event)).toMatchObject({
    outcome: "retry",
    error: { message: "cannot copy a: exit code 1" },
  });
  expect(handler.timeoutMs).toBe(7_200_000);
});

test("docs/recipes.md: an event that can never succeed is parked at once, and the next one is handled", async () => {
  const handler = await handlerOf("poison", "onDeleted");
  const worker = createWorker(handler);
  const none = sample("tencent-vod", "FileDeleted", { body: { FileDeleteEvent: { FileIdSet: [] } } });
  const [bad, good] = [worker.accept(none), worker.accept(sample("tencent-vod", "FileDeleted"))];
  await worker.settle();

  expect(bad).toMatchObject({ state: "parked", attempts: [{ outcome: "parked", error: "it names no file" }] });
  expect(good.state).toBe("handled");
});

test("docs/recipes.md: partly failed results are stored, each with its reason", async () => {
  const handler = await handlerOf("partly", "onConcat");
  const FileInfoSet = [
    { ErrCode: 0, FileId: "f1" },
    { ErrCode: 70000, Message: "no room" },
  ];
  const body = { ConcatCompleteEvent: { TaskId: "t1", FileInfoSet } };

  const { second } = await runTwice(handler, sample("tencent-vod", "ConcatComplete", { body }));

  expect(second.outcome).toBe("handled");
  const noted = await postgres.query("select state, why from results order by path");
  expect(noted).toMatch(/^succeeded\|\nfailed\|70000: no room$/);
});

test("docs/recipes.md: a replay sends no second mail, and repairs the row", async () => {
  const handler = await handlerOf("replay", "onClip");
  const mailed = vi.fn<typeof fetch>(async () => new Response());
  vi.stubGlobal("fetch", mailed);

  await run(handler, clip("wrong"));
  await run(
    { ...handler, run: (context) => handler.run({ ...context, replay: { id: "ev-1", isTrial: false } }) },
    clip("right"),
  );

  expect(mailed).toHaveBeenCalledOnce();
  expect(await postgres.query("select * from clips")).toBe("t1|right");
  vi.unstubAllGlobals();
});

test("docs/recipes.md: the function of a loop handles every type", async () => {
  const handler = await handlerOf("from-a-loop", "fromTheLoop");
  for (const type of ["NewFileUpload", "ClipComplete"] as const) await run(handler, sample("tencent-vod", type));

  expect((await load("from-a-loop"))["types"]).toEqual(["NewFileUpload", "ClipComplete"]);
});
