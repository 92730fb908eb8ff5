import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "./process.ts";

/**
 * Lets all processes of a run share what V8 made of their modules: a third of what a start costs. A worker without
 * settings fills the folder, since it loads its modules and ends in order; a killed process would leave nothing there.
 */
export async function shareCompiledModules(): Promise<() => Promise<void>> {
  // another lane has done it, or whoever runs the tests
  if (process.env["NODE_COMPILE_CACHE"] !== undefined) return async () => {};
  const folder = mkdtempSync(join(tmpdir(), "reliable-callback-compiled-"));
  process.env["NODE_COMPILE_CACHE"] = folder;
  await runToEnd({});
  return () => rm(folder, { recursive: true, force: true, maxRetries: 20 });
}
