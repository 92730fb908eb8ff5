/** The documents taken apart, so that tests can hold them against the project. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { PROJECT } from "../support/process.ts";

type Block = { readonly language: string; readonly text: string };

export type Document = {
  readonly name: string;
  readonly text: string;
  /** Without its code blocks. */
  readonly prose: string;
  readonly blocks: readonly Block[];
  /** The cells of all tables' rows, by the nearest heading above. */
  readonly rows: (heading: string) => readonly (readonly string[])[];
  readonly headings: readonly string[];
};

const BLOCK = /^( *)```(\w*)\n(.*?)^ *```$/gms;

/** The README in other languages. */
export const TRANSLATIONS = ["README.zh-CN.md", "README.ja.md"];

const ROOT = ["README.md", ...TRANSLATIONS, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

const EXAMPLES = globSync("examples/{,*/}README.md", { cwd: PROJECT });

/** The pages of `docs/`, by their paths in the project. */
export const PAGES = readdirSync(join(PROJECT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => join("docs", path));

export const DOCUMENTS: readonly Document[] = [...ROOT, ...EXAMPLES, ...PAGES].map(documentOf);

export function documentOf(name: string): Document {
  const text = read(name);
  const prose = text.replaceAll(BLOCK, "");
  const sections = prose.split(/^#+ /m).map((section) => section.split("\n"));
  return {
    name,
    text,
    prose,
    blocks: [...text.matchAll(BLOCK)].map(([, indent = "", language = "", body = ""]) => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    })),
    headings: sections.flatMap(([heading = ""], index) => (index > 0 ? [heading] : [])),
    rows: (wanted) =>
      sections
        .filter(([heading]) => heading === wanted)
        .flatMap((lines) => lines.filter((line) => /^\|(?!-)/.test(line)))
        .map((line) => line.split("|").map((cell) => cell.trim()))
        .map((cells) => cells.slice(1, -1)),
  };
}

export function read(path: string): string {
  return readFileSync(join(PROJECT, path), "utf8");
}

/** The links to places of ours, as the document writes them, with the file and the anchor that each leads to. */
export function linksOf({ name, prose }: Document) {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [path = "", anchor] = link.split("#");
      return { link, anchor, file: path === "" ? name : normalize(join(dirname(name), path)) };
    });
}

export function leadsSomewhere({ file, anchor }: { readonly file: string; readonly anchor: string | undefined }) {
  if (!existsSync(join(PROJECT, file))) return false;
  return anchor === undefined || documentOf(file).headings.map(anchorOf).includes(anchor);
}

/** As GitHub makes them. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** The code in backticks, over a whole text or one cell. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}
