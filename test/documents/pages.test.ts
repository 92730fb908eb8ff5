import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { PROJECT } from "../support/process.ts";
import { anchorOf, documentOf, DOCUMENTS, leadsSomewhere, linksOf, PAGES, quoted, read } from "./documents.ts";

const Package = z.looseObject({ version: z.string(), scripts: z.record(z.string(), z.string()) });
const { version, scripts } = Package.parse(JSON.parse(read("package.json")));

const COMMANDS = new Set([...read("src/cli/index.ts").matchAll(/^ {2}(\w+): \{\n +about: /gm)].map(([, name]) => name));

describe.each(DOCUMENTS)("$name", (document) => {
  const { name, text, prose, blocks, headings } = document;
  const codes = [...quoted(prose), ...blocks.filter(({ language }) => language === "sh").map((block) => block.text)];

  test("links to files, headings and tests that exist", () => {
    const links = linksOf(document);
    expect(links.filter((link) => !leadsSomewhere(link)).map(({ link }) => link)).toEqual([]);
    const tests = [...prose.matchAll(/\]\((?:\.\.\/)*(test\/[^)]+)\) "([^"]+)"/g)];
    expect(tests.filter(([, path = "", title = ""]) => !read(path).includes(`test("${title}"`))).toEqual([]);
  });

  test("names files that exist", () => {
    const paths = codes.flatMap((code) => code.match(/(?<![\w./-])(?:src|test|bench|bin|docs)\/[\w./-]+/g) ?? []);
    expect(paths.filter((path) => !begins(path))).toEqual([]);
  });

  test("names commands that exist", () => {
    const commands = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short ?? "",
    );
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
    const ours = codes.flatMap((code) =>
      [...code.matchAll(/\breliable-callback ([a-z]+)/g)].map(([, command]) => command),
    );
    expect(ours.filter((command) => !COMMANDS.has(command))).toEqual([]);
  });

  test("has one heading for each anchor, and one title", () => {
    const anchors = headings.map(anchorOf);
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
    expect(prose.match(/^# /gm)).toHaveLength(1);
  });

  test("is not too long", () => {
    const most = name.startsWith("README") ? 200 : 300;
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(most);
  });
});

test("docs/README.md lists every page", () => {
  const listed = new Set(linksOf(documentOf("docs/README.md")).map(({ file }) => file));
  expect(PAGES.filter((page) => page !== "docs/README.md" && !listed.has(page))).toEqual([]);
});

test("CHANGELOG.md begins with the current version", () => {
  expect(documentOf("CHANGELOG.md").headings[1]?.split(" ")[0]).toBe(version);
});

/** A path, or the beginning of one: a test runner takes that too. */
function begins(path: string): boolean {
  if (existsSync(join(PROJECT, path))) return true;
  const folder = join(PROJECT, dirname(path));
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(basename(path)));
}
