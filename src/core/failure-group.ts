/** Longer messages differ in what nobody groups by; the bound keeps the search for it cheap. */
const MAX_READ = 1_000;
const MAX_GROUP = 300;

/** Each takes one kind of thing out that differs from event to event. In this order: a URL holds all of the others. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/?"'<>@]*@)?([^\s/?"'<>]*)[^\s"'<>)\]}]*/gi, "$1$2/*"],
  [/"[^"]*"|`[^`]*`|“[^”]*”|‘[^’]*’|«[^»]*»|「[^」]*」|『[^』]*』/g, '"*"'],
  // An apostrophe inside a word opens nothing.
  [/(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '"*"'],
  // IPv6, alone or in brackets
  [/\[?(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?:%\w+)?(?![\w:])\]?/gi, "#"],
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?/g, "#"],
  // Ids of events, which may have no digit
  [/\bev-[\w-]{22}(?![\w-])/g, "#"],
  // UUIDs, hashes, tokens, ids. Names of errors hold a digit or two at most: ERR_HTTP2_STREAM_ERROR.
  [/(?<![\w-])(?=(?:[\w-]*\d){3})[\w-]{12,}(?![\w-])/g, "#"],
  [/\b(?=[a-f]*\d)[\da-f]{8,}\b/gi, "#"],
  [/(?:(?<!\w)[+-])?\d+(?:[.,:_]\d+)*/g, "#"],
  // Lists and addresses of any length are one
  [/#(?:[\s,;:.x/#-]*#)+/g, "#"],
];

/** The same for failures that differ only in numbers, ids, addresses, and what is quoted. */
export function groupOf(message: string): string {
  const plain = VARYING.reduce(
    (text, [pattern, mark]) => text.replaceAll(pattern, mark),
    message.slice(0, MAX_READ).replaceAll(/\s+/g, " ").trim(),
  );
  return plain.slice(0, MAX_GROUP).toWellFormed();
}
