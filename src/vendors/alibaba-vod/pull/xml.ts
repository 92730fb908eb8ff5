/**
 * The part of XML that MNS uses: elements, text, CDATA, entities. It is strict, because the existing libraries repair
 * broken XML, and a proxy's page must never pass for an answer. Without a DTD a document cannot define entities. The
 * parser is a loop: its depth is constant and its time linear for any input.
 */

export type XmlElement = {
  readonly name: string;
  /** Its own text, without the text of its children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
};

/** Names the mistake and its place, and quotes nothing. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

/** MNS nests three deep, and an answer of 16 messages has some 200 elements. */
const MOST_DEPTH = 16;
const MOST_ELEMENTS = 10_000;

type Open = { readonly name: string; readonly text: string[]; readonly children: XmlElement[] };

/** The root element. Throws `XmlError` for anything but one well-formed document. */
export function readXml(source: string): XmlElement {
  const path: Open[] = [{ name: "", text: [], children: [] }];
  const scan = createScan(source);
  let elements = 0;
  while (!scan.atEnd()) {
    if (scan.skip("<!--")) scan.until("-->");
    else if (scan.skip("<?")) scan.until("?>");
    else if (scan.skip("<![CDATA[")) addText(path, scan.until("]]>"), scan);
    else if (scan.skip("<!")) throw scan.error("a DTD, which is not read");
    else if (scan.skip("</")) close(path, scan);
    else if (scan.skip("<")) {
      elements += 1;
      if (elements > MOST_ELEMENTS || path.length > MOST_DEPTH) throw scan.error("too many elements");
      open(path, scan);
    } else addText(path, unescape(scan.text(), scan), scan);
  }
  const [document, unclosed] = path;
  const [root, ...more] = unclosed ? [] : (document?.children ?? []);
  if (!root || more.length > 0) throw scan.error("not one complete root element");
  return root;
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Undefined when there is no such child. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}

const NAMESPACE = "http://mns.aliyuncs.com/doc/v1/";

/** A whole document. */
export function writeXml(root: string, content: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${content.join("")}</${root}>`;
}

/** Writes one element with a text, which is escaped, or with elements that are already written. */
export function writeElement(name: string, content: string | number | readonly string[]): string {
  const inside = Array.isArray(content) ? content.join("") : escape(String(content));
  return `<${name}>${inside}</${name}>`;
}

function open(path: Open[], scan: Scan): void {
  const element = { name: scan.match(NAME), text: [], children: [] };
  if (element.name === "") throw scan.error("a tag without a name");
  while (scan.match(ATTRIBUTE) !== "") continue;
  const end = scan.match(TAG_END);
  if (end === "") throw scan.error("a tag that does not end");
  path.push(element);
  if (end.includes("/")) finish(path);
}

function close(path: Open[], scan: Scan): void {
  const name = scan.match(NAME);
  const end = scan.match(TAG_END);
  if (end === "" || end.includes("/")) throw scan.error("an end tag that does not end");
  if (path.length < 2 || path.at(-1)?.name !== name) throw scan.error("an end tag that fits no start tag");
  finish(path);
}

function addText(path: Open[], text: string, scan: Scan): void {
  if (path.length > 1) path.at(-1)?.text.push(text);
  else if (text.trim() !== "") throw scan.error("text outside of the root element");
}

function finish(path: Open[]): void {
  const done = path.pop();
  if (done) path.at(-1)?.children.push({ ...done, text: done.text.join("") });
}

const NAME = /[A-Za-z_][\w.:-]*/y;
const ATTRIBUTE = /\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*\/?>/y;

type Scan = ReturnType<typeof createScan>;

function createScan(source: string) {
  let at = source.startsWith("\u{FEFF}") ? 1 : 0;
  return {
    atEnd: () => at >= source.length,
    error: (fact: string) => new XmlError(`${fact}, at character ${at}`),
    skip(token: string): boolean {
      const is = source.startsWith(token, at);
      if (is) at += token.length;
      return is;
    },
    /** Returns the text before `token`, which must follow. */
    until(token: string): string {
      const end = source.indexOf(token, at);
      if (end < 0) throw this.error(`no ${token} to an end`);
      const before = source.slice(at, end);
      at = end + token.length;
      return before;
    },
    text(): string {
      const end = source.indexOf("<", at);
      const start = at;
      at = end < 0 ? source.length : end;
      return source.slice(start, at);
    },
    /** Returns the match of a sticky pattern at this place, or an empty text. */
    match(pattern: RegExp): string {
      pattern.lastIndex = at;
      const [found = ""] = pattern.exec(source) ?? [];
      at += found.length;
      return found;
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Accepts characters that XML forbids, so that one odd message does not make the other fifteen unreadable. */
function unescape(text: string, scan: Scan): string {
  return text.replaceAll(/&(?:#x([\da-f]{1,6});|#(\d{1,7});|(lt|gt|amp|quot|apos);)?/gi, (_, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? "";
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    if (!(code <= 0x10_ff_ff)) throw scan.error("an entity that there is not");
    return String.fromCodePoint(code);
  });
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
