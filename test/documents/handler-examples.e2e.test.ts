import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import type { Handler } from "../../src/core/handler.ts";
import { run, sample } from "../../src/testing/public.ts";
import { PROJECT } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { documentOf } from "./documents.ts";

/** What the page's block with this name exports. */
async function exportOf(file: string, name: string): Promise<Handler> {
  const folder = await tempFolder();
  for (const linked of ["node_modules", "package.json", "src"])
    await symlink(join(PROJECT, linked), join(folder, linked));
  const block = documentOf("docs/handlers.md").blocks.find(({ text }) => text.startsWith(`// ${file}\n`));
  const path = join(folder, "example.ts");
  await writeFile(path, block?.text ?? "");
  const exported = z.record(z.string(), z.unknown()).parse(await import(pathToFileURL(path).href));
  return z.custom<Handler>((value) => typeof value === "object").parse(exported[name]);
}

test("the step of docs/handlers.md places one order, however often the mail fails", async () => {
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
  vi.unstubAllGlobals();
});
