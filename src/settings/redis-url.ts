/** Where Redis is: at the address of REDIS_URL, or where its sentinels or its cluster report it. */
export type RedisPlace = {
  readonly url: string;
  /** The start of all our keys, which lie in one slot of a cluster. */
  readonly prefix: string;
  /** The sentinels' password. The password of Redis is part of the URL. */
  readonly sentinelPassword?: string | undefined;
};

export type Address = { readonly host: string; readonly port: number };

export type SentinelUrl = {
  readonly sentinels: readonly Address[];
  /** The name of the primary at the sentinels. */
  readonly primary: string;
  readonly database: number;
  readonly username?: string;
  readonly password?: string;
  /** TLS, to Redis and to the sentinels. */
  readonly isEncrypted: boolean;
};

/** Some of the cluster's nodes. They report the others. */
export type ClusterUrl = Pick<SentinelUrl, "username" | "password" | "isEncrypted"> & {
  readonly nodes: readonly Address[];
};

const SENTINEL_PORT = 26_379;
const PORT = 6_379;
const FORM = /^(rediss?)\+sentinel:\/\/(?:([^/@]*)@)?([^/@]+)\/([^/]+)(?:\/(\d*))?$/;
const CLUSTER_FORM = /^(rediss?)\+cluster:\/\/(?:([^/@]*)@)?([^/@]+)(?:\/0?)?$/;

/** `redis+sentinel://user:password@host1:26379,host2:26379/NAME/0`, or undefined. */
export function readSentinelUrl(text: string): SentinelUrl | undefined {
  const [, scheme, user = "", hosts = "", name = "", database = ""] = FORM.exec(text) ?? [];
  const sentinels = readAddresses(hosts, SENTINEL_PORT);
  if (scheme === undefined || !sentinels) return undefined;
  return { sentinels, primary: decoded(name), database: Number(database), ...readUser(user), ...encryption(scheme) };
}

/** `redis+cluster://user:password@host1:6379,host2:6379`, or undefined. */
export function readClusterUrl(text: string): ClusterUrl | undefined {
  const [, scheme, user = "", hosts = ""] = CLUSTER_FORM.exec(text) ?? [];
  const nodes = readAddresses(hosts, PORT);
  return scheme === undefined || !nodes ? undefined : { nodes, ...readUser(user), ...encryption(scheme) };
}

function encryption(scheme: string) {
  return { isEncrypted: scheme === "rediss" };
}

function readUser(text: string): Pick<SentinelUrl, "username" | "password"> {
  const [username = "", password = ""] = split(text).map(decoded);
  return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
}

function readAddresses(text: string, port: number): readonly Address[] | undefined {
  const addresses = text.split(",").map((one) => readAddress(one, port));
  return addresses.every((one) => one !== undefined) ? addresses : undefined;
}

function readAddress(text: string, port: number): Address | undefined {
  const url = URL.parse(`redis://${text.trim()}`);
  if (!url?.hostname || url.pathname !== "") return undefined;
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ""), port: Number(url.port || port) };
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
