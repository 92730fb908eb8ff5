import { expect, test } from "vitest";
import { licencesPage } from "../../scripts/licences.ts";
import { documentOf, read } from "./documents.ts";

/** Licences that ask for no more than a notice. Another one wants a person to look. */
const KNOWN = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

test("docs/licences.md matches the lockfile; `bin/node scripts/licences.ts` writes it anew", () => {
  expect(read("docs/licences.md")).toBe(licencesPage());
});

test("every dependency of the worker has a licence that allows redistribution", () => {
  const rows = documentOf("docs/licences.md").rows("Licences of the dependencies").slice(1);

  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter(([, , licence = ""]) => !KNOWN.has(licence))).toEqual([]);
});
