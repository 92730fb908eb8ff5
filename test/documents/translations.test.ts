import { expect, test } from "vitest";
import { type Document, documentOf, linksOf, TRANSLATIONS } from "./documents.ts";

const english = documentOf("README.md");

/** The rows and columns of all tables. */
const tablesOf = ({ prose }: Document) =>
  prose.split("\n").flatMap((line) => (line.startsWith("|") ? [line.split("|").length] : []));

const levelsOf = ({ prose }: Document) => [...prose.matchAll(/^(#+) /gm)].map(([, level]) => level);

const listsOf = ({ prose }: Document) => [...prose.matchAll(/^(-|\d+\.) /gm)].map(([, mark]) => mark);

/** Those to the same page in other languages apart. */
const targetsOf = (document: Document) =>
  linksOf(document)
    .map(({ link }) => link)
    .filter((link) => !link.startsWith("README"));

test.each(TRANSLATIONS)(
  "%s has the headings, code, tables, lists and links of README.md, in the same order",
  (name) => {
    const translated = documentOf(name);

    expect(levelsOf(translated)).toEqual(levelsOf(english));
    expect(translated.blocks).toEqual(english.blocks);
    expect(tablesOf(translated)).toEqual(tablesOf(english));
    expect(listsOf(translated)).toEqual(listsOf(english));
    expect(targetsOf(translated)).toEqual(targetsOf(english));
  },
);

test.each(["README.md", ...TRANSLATIONS])("%s links to the same page in each other language", (name) => {
  const others = ["README.md", ...TRANSLATIONS].filter((other) => other !== name);

  expect(linksOf(documentOf(name)).map(({ link }) => link)).toEqual(expect.arrayContaining(others));
});

test.each(TRANSLATIONS)("%s is written in its own language", (name) => {
  const { prose } = documentOf(name);
  const paragraphs = prose.split("\n\n").filter((paragraph) => paragraph.length > 100);
  const script = name.includes("ja") ? /\p{Script=Hiragana}/u : /\p{Script=Han}/u;

  expect(paragraphs.length).toBeGreaterThan(5);
  expect(paragraphs.filter((paragraph) => !script.test(paragraph))).toEqual([]);
});
