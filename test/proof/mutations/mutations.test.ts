import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../support/process.ts";
import { mutated } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";

/** Whether they are caught is shown by `npm run proof:mutations`, which takes its time. */
test.for(MUTATIONS)("can still be broken: $name", (mutation) => {
  const text = readFileSync(join(PROJECT, mutation.file), "utf8");
  expect(mutated(text, mutation)).not.toBe(text);
});
