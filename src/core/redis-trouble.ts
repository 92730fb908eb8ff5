/**
 * Recognises errors of Redis. They occur in the middle of other work, such as a pull, and must not be blamed on the
 * vendor.
 */
import { NotReplicatedError, VendorError } from "./errors.ts";
import { linksOf } from "./failure.ts";
import { read, sayable } from "./thrown.ts";

export const REDIS_TROUBLE_CODES = [
  "redis-away",
  "redis-full",
  "redis-cannot-save",
  "redis-read-only",
  "redis-lacks-replicas",
  "redis-not-replicated",
  "redis-loading",
  "redis-cluster-down",
  "redis-wrong-node",
  "redis-no-access",
  "redis-busy",
  "redis-no-connections",
  "redis-error",
] as const;

export type RedisTroubleCode = (typeof REDIS_TROUBLE_CODES)[number];

export type RedisTrouble = {
  readonly code: RedisTroubleCode;
  /** The fact, in words of ours. */
  readonly fact: string;
  readonly fix: string;
};

const TROUBLES: Readonly<Record<RedisTroubleCode, Omit<RedisTrouble, "code">>> = {
  "redis-away": { fact: "Redis is away", fix: "work goes on when it returns" },
  "redis-full": {
    fact: "Redis is full (maxmemory): it refuses writes that need more memory",
    fix: "raise maxmemory, or make room: retry or discard parked events",
  },
  "redis-cannot-save": {
    fact: "Redis cannot write to its disk, so it refuses every write",
    fix: "check its log and the free space on its disk",
  },
  "redis-read-only": {
    fact: "this Redis is a replica: it accepts no writes",
    fix: "point REDIS_URL to the primary, or promote this replica",
  },
  "redis-lacks-replicas": {
    fact: "Redis has fewer replicas than min-replicas-to-write, so it refuses every write",
    fix: "bring its replicas back",
  },
  "redis-not-replicated": {
    fact: "fewer replicas of Redis have the last writes than REDIS_WAIT_REPLICAS asks for",
    fix: "bring the replicas back, or lower REDIS_WAIT_REPLICAS",
  },
  "redis-loading": {
    fact: "Redis is loading its data",
    fix: "wait; work goes on by itself",
  },
  "redis-cluster-down": {
    fact: "Redis' cluster does not serve our slot at the moment",
    fix: "look at CLUSTER INFO and CLUSTER SHARDS, and bring the missing nodes back, or wait until our slot is moved",
  },
  "redis-wrong-node": {
    fact: "this Redis is a node of a cluster, and our keys are on another one",
    fix: "let REDIS_URL begin with redis+cluster:// and name some of its nodes",
  },
  "redis-no-access": {
    fact: "Redis refuses our user or password, or this user may not do what we need",
    fix: "correct REDIS_URL, or give this user the rights that docs/deploy/redis.md lists",
  },
  "redis-busy": {
    fact: "a script in Redis does not end, and Redis answers nobody else",
    fix: "find who runs long scripts there; SCRIPT KILL ends one that has written nothing",
  },
  "redis-no-connections": {
    fact: "Redis takes no more connections (maxclients)",
    fix: "raise maxclients, or end the clients that hold them: CLIENT LIST shows them",
  },
  /** An error of Redis that matches none of the names above. */
  "redis-error": { fact: "Redis answers with an error", fix: "look at what it says, and at its log" },
};

/** How error replies begin. */
const REPLIES: readonly (readonly [RegExp, RedisTroubleCode])[] = [
  [/^OOM /, "redis-full"],
  [/^MISCONF /, "redis-cannot-save"],
  [/^(?:READONLY|MASTERDOWN) /, "redis-read-only"],
  [/^NOREPLICAS /, "redis-lacks-replicas"],
  [/^LOADING /, "redis-loading"],
  [/^(?:CLUSTERDOWN|TRYAGAIN|ASK) /, "redis-cluster-down"],
  [/^(?:MOVED|CROSSSLOT) /, "redis-wrong-node"],
  [/^(?:NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/, "redis-no-access"],
  [/^BUSY /, "redis-busy"],
  [/^ERR max number of clients/, "redis-no-connections"],
];

/** How the client reports that there is no connection, or that it broke. */
const NO_CONNECTION =
  /^(?:Connection is closed|Stream isn't writeable|Socket timeout|Command timed out|Command aborted due to connection close|Reached the max retries per request|All sentinels are unreachable)/;
const NO_CONNECTION_CODES = new Set(
  "ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN".split(" "),
);

/**
 * Undefined if the error is not from Redis. Only for errors of calls to Redis or to a vendor: a handler may use a Redis
 * of its own.
 */
export function redisTroubleOf(err: unknown): RedisTrouble | undefined {
  const links = linksOf(err);
  if (links.some((link) => link instanceof VendorError)) return undefined;
  if (links.some((link) => link instanceof NotReplicatedError)) return redisTrouble("redis-not-replicated");
  // The error of a refused transaction has its reason in another field.
  const replies = links.flatMap((link) => [link, read(read(link, "previousErrors"), 0)]).filter(isReply);
  const said = replies.map((reply) => String(read(reply, "message")));
  const [known] = said.flatMap((reply) => REPLIES.filter(([begins]) => begins.test(reply)));
  if (known) return redisTrouble(known[1]);
  if (said[0] !== undefined) return unknownReply(said[0]);
  return links.some(isConnection) ? redisTrouble("redis-away") : undefined;
}

export function redisTrouble(code: RedisTroubleCode): RedisTrouble {
  return { code, ...TROUBLES[code] };
}

/** Some replies repeat the command's arguments, which are data of the event. */
function unknownReply(reply: string): RedisTrouble {
  const { code, fact, fix } = redisTrouble("redis-error");
  return { code, fact: `${fact}: ${sayable(reply.replace(/,? with args beginning.*| script: .*/s, ""), 200)}`, fix };
}

function isReply(link: unknown): boolean {
  return read(link, "name") === "ReplyError";
}

function isConnection(link: unknown): boolean {
  return NO_CONNECTION.test(String(read(link, "message"))) || NO_CONNECTION_CODES.has(String(read(link, "code")));
}
