/** How the text of one variable becomes a value. Every mistake says what was given and what to write instead. */
import { isIP } from "node:net";
import { z } from "zod";

type Fail = (mistake: string) => never;

function field<T>(read: (text: string, fail: Fail) => T) {
  return z.string().transform((text, context) =>
    read(text, (message) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }),
  );
}

export function whole(min: number, max: number) {
  return field((text, fail) => {
    if (!/^-?\d+$/.test(text)) return fail(`${quote(text)} is not a whole number; use ${min} to ${max}`);
    const value = Number(text);
    return value >= min && value <= max ? value : fail(`${quote(text)} is out of range; use ${min} to ${max}`);
  });
}

export function oneOf<const T extends string>(options: readonly T[]) {
  return field((text, fail) => {
    const option = options.find((name) => name === text);
    return option ?? fail(`${quote(text)} is not known; use ${orList(options)}`);
  });
}

/** In the order of `options`, whatever the order in the text; a repetition does no harm. */
export function someOf<const T extends string>(options: readonly T[]) {
  return field((text, fail) => {
    const names = items(text);
    const unknown = names.find((name) => options.every((option) => option !== name));
    if (unknown !== undefined) return fail(`${quote(unknown)} is not known; use a comma list of ${orList(options)}`);
    return options.filter((option) => names.includes(option));
  });
}

export const subAppIds = field((text, fail) => {
  const ids = items(text);
  for (const [index, id] of ids.entries()) {
    if (!/^\d{1,15}$/.test(id) || Number(id) === 0) {
      return fail(`${quote(id)} is not a SubAppId; use its digits, several with commas between them`);
    }
    if (ids.findIndex((other) => Number(other) === Number(id)) < index) {
      return fail(`${quote(id)} stands there twice; name each application once`);
    }
  }
  return ids.map(Number);
});

export type Endpoint = { readonly protocol: "https://" | "http://"; readonly host: string };

export const endpoint = field((text, fail): Endpoint => {
  const url = httpUrl(text);
  if (!url) return fail(`${quoteUrl(text)} is not an https:// URL; use one such as https://vod.tencentcloudapi.com`);
  if (url.href !== `${url.origin}/`) {
    return fail(`${quoteUrl(text)} has more than a scheme, a host and a port; use ${url.origin}`);
  }
  if (url.protocol === "https:") return { protocol: "https://", host: url.host };
  if (isLoopback(url.hostname)) return { protocol: "http://", host: url.host };
  return fail(`${quoteUrl(text)} is not encrypted; use https:// (http:// only for a simulator on 127.0.0.1)`);
});

export const forwardUrl = field((text, fail) => {
  const url = httpUrl(text);
  if (!url)
    return fail(`${quoteUrl(text)} is not an http:// or https:// URL; use one such as https://example.com/events`);
  if (url.username || url.password) {
    return fail("has a user or a password in it; remove them: the receiver checks the signature instead");
  }
  return url.href;
});

/** The value may hold a password, so no mistake shows it. */
export const redisUrl = field((text, fail) => {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    return fail(
      "is not a redis:// or rediss:// URL; use one such as redis://user:password@host:6379/0, special characters of the password as %XX",
    );
  }
  return /^\/?\d*$/.test(url.pathname)
    ? text
    : fail("ends in something else than a database number; use one such as /0");
});

export const vendorSecret = field((text, fail) =>
  /^[\x21-\x7e]+$/.test(text) ? text : fail("has white space or unusual characters in it; copy it again"),
);

/** Several while one is changed: the new and the old one. */
export const vendorSecrets = field((text, fail) => {
  const secrets = items(text).filter((secret) => secret !== "");
  return secrets.length > 0 && secrets.every((secret) => /^[\x21-\x7e]+$/.test(secret))
    ? secrets
    : fail("has white space or unusual characters in it; write the secrets with commas between them");
});

export const callbackUrls = field((text, fail) => {
  const urls = items(text);
  const bad = urls.find((url) => !httpUrl(url));
  return bad === undefined
    ? urls
    : fail(`${quoteUrl(bad)} is not an http:// or https:// URL; write it as it stands at the vendor`);
});

/** It guards every callback path, so it must be long enough not to be guessed, and fit into a path as it is. */
export const callbackSuffix = field((text, fail) =>
  /^[\w-]{16,128}$/.test(text)
    ? text
    : fail("is not 16 to 128 letters, digits, - and _; make one with: openssl rand -hex 16"),
);

export const queueNames = field((text, fail) => {
  const names = items(text);
  const bad = names.find((name) => !/^[A-Za-z0-9][\w-]{0,119}$/.test(name));
  if (bad !== undefined) return fail(`${quote(bad)} is not the name of a queue; use letters, digits, - and _`);
  return new Set(names).size === names.length ? names : fail("names a queue twice; name each one once");
});

/** Standard queues alone: in a FIFO queue one event that fails would hold up its group. */
export const sqsQueueUrls = field((text, fail) => {
  const urls = items(text);
  const bad = urls.find((url) => !isSqsQueue(url));
  if (bad !== undefined)
    return fail(
      `${quoteUrl(bad)} is not the URL of a standard queue; use one such as https://sqs.eu-west-1.amazonaws.com/123456789012/mediaconvert`,
    );
  // Its source is called by host and name, whoever has it.
  const names = urls.map((url) => url.replace(/\d{12}\//, ""));
  return new Set(names).size === names.length
    ? urls
    : fail("has two queues of one name and region; name each one once");
});

function isSqsQueue(text: string): boolean {
  const url = httpUrl(text);
  if (!url || !/^\/\d{12}\/[\w-]{1,80}$/.test(url.pathname) || text !== `${url.origin}${url.pathname}`) return false;
  return url.protocol === "https:" ? /(^|\.)sqs\.[a-z0-9-]+\./.test(url.hostname) : isLoopback(url.hostname);
}

export const forwardSecret = field((text, fail) => {
  const base64 = text.replace(/^whsec_/, "");
  const key = Buffer.from(base64, "base64");
  const isWhole = text.startsWith("whsec_") && key.toString("base64") === base64;
  return isWhole && key.length >= 24 && key.length <= 64
    ? text
    : fail('is not whsec_ and the base64 of 24 to 64 bytes; make one with: echo "whsec_$(openssl rand -base64 32)"');
});

export const dashboardUser = field((text, fail) =>
  text.includes(":") ? fail(`${quote(text)} has a colon, which basic auth cannot carry; use another name`) : text,
);

export const dashboardPassword = field((text, fail) =>
  text.length < 8 ? fail("is shorter than 8 characters; use a longer one") : text,
);

export const host = field((text, fail) =>
  isIP(text) || (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text))
    ? text
    : fail(
        `${quote(text)} is neither an address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reachable from outside`,
      ),
);

/** BullMQ keys and the ledger's start with it; braces are left out because the hash tag is added around it. */
export const prefix = field((text, fail) =>
  /^[\w.:-]{1,64}$/.test(text)
    ? text
    : fail(`${quote(text)} cannot start a key; use up to 64 letters, digits and the characters _ . : -`),
);

export function httpUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function items(text: string): readonly string[] {
  return text.split(",").map((item) => item.trim());
}

function orList(options: readonly string[]): string {
  return [options.slice(0, -1).join(", "), ...options.slice(-1)].filter(Boolean).join(" or ");
}

/** A URL may stand where another thing should, and then hides what people put into URLs as well. */
function quote(text: string): string {
  return text.includes("://") ? quoteUrl(text) : shortened(text);
}

/** People put credentials and tokens into URLs, also into those that are no URL: what stands before an @ or behind a ? stays out. */
function quoteUrl(text: string): string {
  return shortened(text.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…"));
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
