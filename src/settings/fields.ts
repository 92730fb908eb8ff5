/** Parses the text of one variable. Each message says what was given and what to write instead. */
import { z } from "zod";
import type { Field } from "./setting.ts";

type Fail = (mistake: string) => never;

export function field<T>(read: (text: string, fail: Fail) => T): Field<T> {
  return z.string().transform((text, context) =>
    read(text, (message) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }),
  );
}

export const anyText = field((text) => text);

export function whole(min: number, max: number): Field<number> {
  return field((text, fail) => {
    if (!/^-?\d+$/.test(text)) return fail(`${quote(text)} is not a whole number; use ${min} to ${max}`);
    const value = Number(text);
    return value >= min && value <= max ? value : fail(`${quote(text)} is out of range; use ${min} to ${max}`);
  });
}

export function oneOf<const T extends string>(options: readonly T[]): Field<T> {
  return field((text, fail) => {
    const option = options.find((name) => name === text);
    return option ?? fail(`${quote(text)} is not known; use ${orList(options)}`);
  });
}

/** Returns the values in the order of `options`, each once. */
export function someOf<const T extends string>(options: readonly T[]): Field<readonly T[]> {
  return field((text, fail) => {
    const names = items(text);
    const unknown = names.find((name) => options.every((option) => option !== name));
    if (unknown !== undefined) return fail(`${quote(unknown)} is not known; use a comma list of ${orList(options)}`);
    return options.filter((option) => names.includes(option));
  });
}

/** Scheme, host and port of a vendor's API, such as `example`. */
export function endpoint(example: string): Field<string> {
  return field((text, fail) => {
    const url = httpUrl(text);
    if (!url) return fail(`${quoteUrl(text)} is not an https:// URL; use one such as ${example}`);
    if (url.href !== `${url.origin}/`) {
      return fail(`${quoteUrl(text)} has more than a scheme, a host and a port; use ${url.origin}`);
    }
    if (url.protocol === "https:" || isLoopback(url.hostname)) return url.origin;
    return fail(`${quoteUrl(text)} is not encrypted; use https:// (http:// only for a simulator on 127.0.0.1)`);
  });
}

export const secret = field((text, fail) =>
  /^[\x21-\x7e]+$/.test(text) ? text : fail("has white space or unusual characters in it; copy it again"),
);

/** Several while one is changed: the new and the old one. */
export const secrets = field((text, fail): readonly string[] => {
  const list = items(text).filter((item) => item !== "");
  return list.length > 0 && list.every((item) => /^[\x21-\x7e]+$/.test(item))
    ? list
    : fail("has white space or unusual characters in it; write the secrets with commas between them");
});

export function httpUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

export function items(text: string): readonly string[] {
  return text.split(",").map((item) => item.trim());
}

/** Quotes a value in a message. If it is a URL, secrets in it are hidden. */
export function quote(text: string): string {
  return text.includes("://") ? quoteUrl(text) : shortened(text);
}

/** Hides credentials and tokens: the text before an @ and after a ?. It works on broken URLs too. */
export function quoteUrl(text: string): string {
  return shortened(text.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…"));
}

function orList(options: readonly string[]): string {
  return [options.slice(0, -1).join(", "), ...options.slice(-1)].filter(Boolean).join(" or ");
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
