import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PROJECT } from "../support/process.ts";

/** Other tests load the library too, so this asks a process of its own. */
const SCRIPT = `
  import { createRequire } from "node:module";
  import { pino } from "pino";
  import { readConfig } from "./src/config/config.ts";
  import { VENDORS } from "./src/vendors/index.ts";
  import { openSources } from "./src/worker/doors.ts";
  const { cache } = createRequire(process.cwd() + "/");
  const isLoaded = () => Object.keys(cache).some((path) => path.includes("/tencentcloud-sdk-nodejs-vod/"));
  const { vendors } = readConfig(VENDORS.find(({ trial }) => trial).trial);
  const before = isLoaded();
  const sources = await openSources({ vendors }, pino({ level: "silent" }));
  const after = isLoaded();
  await Promise.all(sources.map((source) => source.backlog?.(AbortSignal.timeout(5_000)).catch(() => {})));
  const asked = isLoaded();
  for (const source of sources) source.close();
  process.stdout.write(JSON.stringify({ before, after, asked, sources: sources.length }));
`;

test("a vendor's SDK is loaded by the first call that needs it", async () => {
  const args = ["--input-type=module", "--eval", SCRIPT];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT });

  expect(JSON.parse(stdout)).toEqual({ before: false, after: false, asked: true, sources: 1 });
});
