/** The XML of the simulated MNS. The worker has its own reader and writer. */

/** A whole document. */
export function writeXml(root: string, content: readonly string[]): string {
  const namespace = "http://mns.aliyuncs.com/doc/v1/";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${content.join("")}</${root}>`;
}

/** One element: of text, or of elements that are written already. */
export function writeElement(name: string, content: string | number | readonly string[]): string {
  return `<${name}>${Array.isArray(content) ? content.join("") : escape(String(content))}</${name}>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const DOCUMENT = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)(?:\s[^<>]*)?>(.*)<\/\1>\s*$/s;
const ELEMENT = /\s*<(?:(\w+)\s*\/>|(\w+)>(?:([^<]*)|<!\[CDATA\[(.*?)\]\]>)<\/\2>)\s*/sy;

/** The texts of the elements `name` right below the root; undefined for anything but a document `root` of such elements. */
export function textsIn(source: string, root: string, name: string): readonly string[] | undefined {
  const [, found, content = ""] = DOCUMENT.exec(source) ?? [];
  if (found !== root) return undefined;
  const texts: string[] = [];
  ELEMENT.lastIndex = 0;
  for (let end = 0; end < content.length; end = ELEMENT.lastIndex) {
    const element = ELEMENT.exec(content);
    if (!element) return undefined;
    const [, empty, filled, text = "", literal] = element;
    if ((empty ?? filled) === name) texts.push(literal ?? unescape(text));
  }
  return texts;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? entity;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16));
  });
}
