import { expect, test } from "vitest";
import { documentOf, linksOf, read } from "./documents.ts";

/** The first questions of a stranger. Each has the page that answers it, and a text that stands there. */
const WAYS: readonly (readonly [question: string, place: string, answer: string])[] = [
  ["What is it?", "README.md", "A worker for people whose videos are processed by a cloud."],
  ["Do I need it?", "README.md", "**You need this if**"],
  ["How do I try it?", "README.md", "npm run demo"],
  ["How do I write a first handler?", "README.md", "// handlers.ts"],
  [
    "What happens when it crashes?",
    "docs/limits.md",
    "A crash between the end of a handler and the storing of its success",
  ],
  ["Which door is safe?", "docs/promises.md#which-door-promises-what", "## Which door promises what"],
  ["How do I deploy it?", "docs/deploy/compose.md", "docker compose up -d"],
  ["How do I get alerted?", "docs/metrics.md#alerts", "alerts.yml"],
  ["How do I add a vendor?", "docs/vendors/add-a-vendor.md", "src/vendors/index.ts"],
  ["Where is the state machine?", "src/ledger/states.ts", "one successful run pays for"],
];

test.each(WAYS)("the README answers %s in %s", (_, place, answer) => {
  const links = linksOf(documentOf("README.md")).map(({ link }) => link);

  if (place !== "README.md") expect(links).toContain(place);
  expect(read(place.split("#")[0] ?? "")).toContain(answer);
});
