import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Handler } from "../../src/core/handler.ts";
import { createHandlers, type Handlers } from "../../src/core/handlers.ts";
import { createMemorySteps } from "../../src/core/memory-steps.ts";
import { Processor } from "../../src/core/processor.ts";
import { createWorker, run, sample } from "../../src/testing/public.ts";
import { fakeInbox } from "../support/fake-inbox.ts";
import { PROJECT } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { documentOf } from "./documents.ts";

const DEFAULTS = { attempts: 20, backoffMs: 1_000, timeoutMs: 600_000 };

afterEach(() => vi.unstubAllGlobals());

function setup(handlers: Handlers) {
  const inbox = fakeInbox();
  const log = pino({ level: "info" }, { write: () => {} });
  const meter = { count: () => {}, observe: () => {} };
  const parts = { handlers, inbox, steps: createMemorySteps(), confirm: () => {} };
  return { inbox, processor: new Processor({ ...parts, unhandled: "park", log, meter }) };
}

/** The page's block with this name, as a file of its own project. */
async function fileOf(page: string, file: string, folder: string): Promise<string> {
  const block = documentOf(page).blocks.find(({ text }) => text.startsWith(`// ${file}\n`));
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, block?.text ?? "");
  return path;
}

async function projectFolder(): Promise<string> {
  const folder = await tempFolder();
  for (const linked of ["node_modules", "package.json", "src"])
    await symlink(join(PROJECT, linked), join(folder, linked));
  return folder;
}

/** What the page's block with this name exports. */
async function exportOf(file: string, name: string): Promise<Handler> {
  const path = await fileOf("docs/handlers.md", file, await projectFolder());
  const exported = z.record(z.string(), z.unknown()).parse(await import(pathToFileURL(path).href));
  return z.custom<Handler>((value) => typeof value === "object").parse(exported[name]);
}

test("the step example of docs/handlers.md places one order, however often the mail fails", async () => {
  const handler = await exportOf("handlers/orders.ts", "onUploadOrder");
  const called: string[] = [];
  const keys: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, { headers }: { headers?: Record<string, string> }) => {
    called.push(new URL(url).pathname);
    if (headers) keys.push(headers["Idempotency-Key"]);
    return new Response("o1", { status: called.length === 2 ? 503 : 200 });
  });
  const event = sample("tencent-vod", "NewFileUpload");

  expect(await run(handler, event, { attempts: 3 })).toEqual({ outcome: "handled", attempts: 2 });

  expect(called).toEqual(["/orders", "/mails", "/mails"]);
  expect(keys).toEqual([`${event.id}:order`]);
});

test("the batch example of docs/handlers.md makes one call, and parks only what the service refuses", async () => {
  const worker = createWorker(await exportOf("handlers/rows.ts", "onUploads"));
  const lives = [1, 2, 3].map(() => worker.accept(sample("tencent-vod", "NewFileUpload")));
  const calls: unknown[] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    calls.push(JSON.parse(body));
    return new Response(lives[1]?.event.id);
  });

  await worker.settle();

  expect(calls).toEqual([lives.map(({ event: { id } }) => ({ key: id, file: expect.any(String) }))]);
  expect(lives.map(({ state }) => state)).toEqual(["handled", "parked", "handled"]);
  expect(worker.now()).toBe(500);
});

test("the copy example of docs/handlers.md is put off without using an attempt, and reports its progress", async () => {
  const handler = await exportOf("handlers/copies.ts", "onCopy");
  const answers = [200, 503, 200, 200];
  vi.stubGlobal("fetch", async () => new Response("", { status: answers.shift() ?? 500 }));
  const { processor, inbox } = setup(createHandlers([handler], DEFAULTS));
  const event = sample("tencent-vod", "NewFileUpload");

  expect(await processor.process(event, { number: 1, startedBefore: false })).toMatchObject({
    kind: "retry",
    afterMs: 3_600_000,
    usesAttempt: false,
  });
  expect(await processor.process(event, { number: 1, startedBefore: true })).toEqual({ kind: "handled" });

  expect(inbox.ran.mock.calls[0]?.[1]).toEqual({
    lines: [expect.stringMatching(/copied place=paris$/), expect.stringMatching(/put off: tokyo is closed/)],
    progress: '{"copied":1,"of":2}',
  });
  expect(inbox.mark.mock.calls[0]?.[3]).toMatchObject({ progress: '{"copied":2,"of":2}' });
});

test("the limits example of docs/handlers.md has the limits that it shows, and orders events by file", async () => {
  const handler = await exportOf("handlers/transcodes.ts", "onTranscode");
  const handlers = createHandlers([handler], DEFAULTS);
  const event = sample("tencent-vod", "TranscodeComplete", { body: { TranscodeCompleteEvent: { FileId: "f1" } } });

  expect(handlers.limited).toEqual([
    { name: "tencent-vod TranscodeComplete", isOrdered: true, concurrency: 4, perSecond: 2.5 },
  ]);
  expect(handlers.find(event)?.orderKey?.(event)).toBe("f1");
  const { processor } = setup(handlers);
  expect(await processor.process(event, { number: 1, startedBefore: false })).toEqual({ kind: "handled" });
});

test("the tests of docs/testing.md pass with Node's own runner for the handler of docs/handlers.md", async () => {
  const cwd = await projectFolder();
  await fileOf("docs/handlers.md", "handlers/uploads.ts", cwd);
  await fileOf("docs/testing.md", "uploads.test.ts", cwd);
  // In the midst of another run Node's runner would report to that one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const command = [join(PROJECT, "bin/node"), ["--test", "--test-reporter=tap", "uploads.test.ts"]] as const;

  const { stdout } = await promisify(execFile)(...command, { cwd, env });

  expect(stdout).toContain("\n# pass 3\n# fail 0\n");
});
