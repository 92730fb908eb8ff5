/** Parses the worker's own settings. Forms that vendors use too are in `settings/fields.ts`. */
import { isIP } from "node:net";
import { HOW_TO_MAKE_A_SECRET, isSigningSecret } from "../core/webhook-signature.ts";
import { readClusterUrl, readSentinelUrl } from "../settings/redis-url.ts";
import { field, httpUrl, items, quote, quoteUrl } from "../settings/fields.ts";

export const forwardUrl = field((text, fail) => {
  const url = httpUrl(text);
  if (!url)
    return fail(`${quoteUrl(text)} is not an http:// or https:// URL; use one such as https://example.com/events`);
  if (url.username || url.password) {
    return fail("has a user or a password in it; remove them: the receiver checks the signature instead");
  }
  return url.href;
});

const NO_CLUSTER =
  "does not name nodes of a cluster; use redis+cluster://user:password@host1:6379,host2:6379, special characters of the password as %XX";
const NO_DATABASES = "ends in a database number, but a cluster has only one database; remove it";
const NO_SENTINELS =
  "does not name sentinels and a primary; use redis+sentinel://user:password@host1:26379,host2:26379/NAME/0 with the name that the sentinels have for it, special characters of the password as %XX";

/** The value may hold a password, so no message shows it. */
export const redisUrl = field((text, fail) => {
  if (/^rediss?\+sentinel:/.test(text)) return readSentinelUrl(text) ? text : fail(NO_SENTINELS);
  if (/^rediss?\+cluster:/.test(text)) {
    if (/\/\d*[1-9]\d*$/.test(text)) return fail(NO_DATABASES);
    return readClusterUrl(text) ? text : fail(NO_CLUSTER);
  }
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    return fail(
      "is not a redis://, rediss://, redis+sentinel:// or redis+cluster:// URL; use one such as redis://user:password@host:6379/0, special characters of the password as %XX",
    );
  }
  return /^\/?\d*$/.test(url.pathname)
    ? text
    : fail("ends in something else than a database number; use one such as /0");
});

/** They protect the callback paths: each must be too long to guess, and fit into a path unchanged. */
export const callbackSuffixes = field((text, fail): readonly string[] => {
  const suffixes = items(text);
  return suffixes.every((suffix) => /^[\w-]{16,128}$/.test(suffix))
    ? suffixes
    : fail("is not 16 to 128 letters, digits, - and _; make one with: openssl rand -hex 16");
});

/** Several while one is changed: the new and the old one. */
export const forwardSecrets = field((text, fail): readonly string[] => {
  const secrets = items(text);
  return secrets.every(isSigningSecret)
    ? secrets
    : fail(secrets.length === 1 ? HOW_TO_MAKE_A_SECRET : `has a part that ${HOW_TO_MAKE_A_SECRET}`);
});

export const dashboardUser = field((text, fail) =>
  text.includes(":") ? fail(`${quote(text)} has a colon, which basic auth cannot carry; use another name`) : text,
);

export const dashboardPassword = field((text, fail) =>
  text.length < 12 ? fail("is shorter than 12 characters; use a longer one, such as: openssl rand -hex 16") : text,
);

export const host = field((text, fail) =>
  isIP(text) || (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text))
    ? text
    : fail(
        `${quote(text)} is neither an address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reachable from outside`,
      ),
);

/** A part of a whole, such as 0.85. */
export const share = field((text, fail) => {
  const value = Number(text);
  return /^(0?\.\d+|1(\.0+)?)$/.test(text) && value > 0 ? value : fail(`${quote(text)} is no share; use 0.1 to 1`);
});

/** BullMQ keys and the ledger's start with it; braces are left out because the hash tag is added around it. */
export const prefix = field((text, fail) =>
  /^[\w.:-]{1,64}$/.test(text)
    ? text
    : fail(`${quote(text)} cannot start a key; use up to 64 letters, digits and the characters _ . : -`),
);
