/** Longer messages differ only in details that do not matter here. The bound keeps the search cheap. */
const MAX_READ = 1_000;
const MAX_GROUP = 300;

/**
 * Each one removes one kind of detail that differs from event to event. The order matters: a URL contains all the
 * others.
 */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/?"'<>@]*@)?([^\s/?"'<>]*)[^\s"'<>)\]}]*/gi, "$1$2/*"],
  [/"[^"]*"|`[^`]*`|“[^”]*”|‘[^’]*’|«[^»]*»|「[^」]*」|『[^』]*』/g, '"*"'],
  // An apostrophe inside a word starts no quotation.
  [/(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '"*"'],
  // IPv6, alone or in brackets
  [/\[?(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?:%\w+)?(?![\w:])\]?/gi, "#"],
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?/g, "#"],
  // Ids of events, which may contain no digit
  [/\bev-[\w-]{22}(?![\w-])/g, "#"],
  // UUIDs, hashes, tokens and ids. Error names have two digits at most: ERR_HTTP2_STREAM_ERROR.
  [/(?<![\w-])(?=(?:[\w-]*\d){3})[\w-]{12,}(?![\w-])/g, "#"],
  [/\b(?=[a-f]*\d)[\da-f]{8,}\b/gi, "#"],
  [/(?:(?<!\w)[+-])?\d+(?:[.,:_]\d+)*/g, "#"],
  // Lists of any length, and lists of addresses, look the same
  [/#(?:[\s,;:.x/#-]*#)+/g, "#"],
];

/** Equal for failures that differ only in numbers, ids, addresses and quoted text. */
export function groupOf(message: string): string {
  const plain = VARYING.reduce(
    (text, [pattern, mark]) => text.replaceAll(pattern, mark),
    message.slice(0, MAX_READ).replaceAll(/\s+/g, " ").trim(),
  );
  return plain.slice(0, MAX_GROUP).toWellFormed();
}
