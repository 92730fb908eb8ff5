import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PROJECT } from "../support/process.ts";

const NAMES = {
  "reliable-callback": ["ConfigError", "PermanentError", "RetryAfterError", "forward", "startWorker"],
  "reliable-callback/alibaba-vod": ["createUrlSigner", "on", "onBatch", "outcomeOf"],
  "reliable-callback/aws-mediaconvert": ["on", "onBatch", "outcomeOf"],
  "reliable-callback/media": ["mediaOf", "onMedia", "onSnapshots", "outcomeOf", "snapshotsOf"],
  "reliable-callback/simulators": ["DOOR_NAMES", "startFleet"],
  "reliable-callback/tencent-vod": ["createUrlSigner", "on", "onBatch", "outcomeOf"],
  "reliable-callback/testing": ["createWorker", "run", "runTwice", "sample", "types"],
  "reliable-callback/zegocloud": ["on", "onBatch", "outcomeOf"],
};

test("every entry point exports the same names to a clone's handlers as to users of the package", async () => {
  const script = `
    const names = {};
    for (const entry of ${JSON.stringify(Object.keys(NAMES))}) names[entry] = Object.keys(await import(entry));
    console.log(JSON.stringify(names));`;
  const { stdout } = await promisify(execFile)(join(PROJECT, "bin/node"), ["--input-type=module", "-e", script], {
    cwd: join(PROJECT, "handlers"),
  });
  expect(JSON.parse(stdout)).toEqual(NAMES);
});

test.each(Object.entries(NAMES))("tests of handlers can import %s", async (entry, names) => {
  const loaded: object = await import(entry);
  expect(Object.keys(loaded).toSorted()).toEqual(names);
});
