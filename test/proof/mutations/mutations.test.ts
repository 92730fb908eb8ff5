import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../support/process.ts";
import { mutated } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";

/**
 * This test only checks that each mutation still applies. `npm run proof:mutations` checks that the proof catches it,
 * and takes long.
 */
test.for(MUTATIONS)("the mutation still applies to the code: $name", (mutation) => {
  const text = readFileSync(join(PROJECT, mutation.file), "utf8");
  expect(mutated(text, mutation)).not.toBe(text);
});
