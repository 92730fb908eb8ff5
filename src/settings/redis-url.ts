/** Where Redis is: at the address of REDIS_URL, or where its sentinels say. */
export type RedisPlace = {
  readonly url: string;
  /** The sentinels' password. The password of Redis is part of the URL. */
  readonly sentinelPassword?: string | undefined;
};

export type SentinelUrl = {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The name of the primary at the sentinels. */
  readonly primary: string;
  readonly database: number;
  readonly username?: string;
  readonly password?: string;
  /** TLS, to Redis and to the sentinels. */
  readonly isEncrypted: boolean;
};

const SENTINEL_PORT = 26_379;
const FORM = /^(rediss?)\+sentinel:\/\/(?:([^/@]*)@)?([^/@]+)\/([^/]+)(?:\/(\d*))?$/;

/** `redis+sentinel://user:password@host1:26379,host2:26379/NAME/0`, or undefined. */
export function readSentinelUrl(text: string): SentinelUrl | undefined {
  const [, scheme, user = "", hosts = "", name = "", database = ""] = FORM.exec(text) ?? [];
  const sentinels = hosts.split(",").flatMap(readAddress);
  if (scheme === undefined || sentinels.length < hosts.split(",").length) return undefined;
  const [username = "", password = ""] = split(user).map(decoded);
  return {
    sentinels,
    primary: decoded(name),
    database: Number(database),
    ...(username !== "" && { username }),
    ...(password !== "" && { password }),
    isEncrypted: scheme === "rediss",
  };
}

function readAddress(text: string): SentinelUrl["sentinels"] {
  const url = URL.parse(`redis://${text.trim()}`);
  if (!url?.hostname || url.pathname !== "") return [];
  return [{ host: url.hostname.replaceAll(/^\[|\]$/g, ""), port: Number(url.port || SENTINEL_PORT) }];
}

function split(user: string): readonly string[] {
  const colon = user.indexOf(":");
  return colon === -1 ? [user] : [user.slice(0, colon), user.slice(colon + 1)];
}

/** A % without two hex digits is kept. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
