import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { PROJECT } from "../support/process.ts";
import { read } from "./documents.ts";

const FOLDER = ".github/workflows";
const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })),
});

test.each(readdirSync(join(PROJECT, FOLDER)))("the workflow %s runs .ci/run, and may only read", (name) => {
  const { jobs, permissions } = Workflow.parse(parse(read(join(FOLDER, name))));

  expect(Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run))).toContain(".ci/run");
  expect(permissions).toEqual({ contents: "read" });
  expect(() => accessSync(join(PROJECT, ".ci/run"), constants.X_OK)).not.toThrow();
});
