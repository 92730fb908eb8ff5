/**
 * The unconfirmed events of a source that may have all words, without those whose lives show that they lack one, and
 * without those that are known to be parked. The lives are read here and not by a script: Lua makes a hash of every text
 * that it touches, which takes Redis longer than to send the text.
 */
import type { Redis } from "ioredis";
import type { SourceKeys } from "../ledger/keys.ts";
import { isLate, mayHave, type Search } from "./search.ts";

type Asked = {
  readonly redis: Redis;
  readonly own: Pick<SourceKeys, "unconfirmed" | "lives" | "queue">;
  readonly source: string;
  readonly search: Pick<Search, "until">;
  /** Of the search. */
  readonly words: readonly string[];
  /** The event after which to begin. */
  readonly start: { readonly score: string; readonly member: string };
  /** The most that are given out at a time. */
  readonly most: number;
};

/** A bound, since Redis serves nobody else while it reads these. */
const READ_AT_ONCE = 2_000;
/** A life without an attempt, see `life.lua`. */
const UNTRIED = /^(?:[^\t]*\t){3}\d+ 0(?:;|$)/;

/** Fingerprints in the order of the first deliveries. */
export async function* unconfirmedWith({
  redis,
  own,
  source,
  search,
  words,
  start,
  most,
}: Asked): AsyncGenerator<readonly string[]> {
  const count = words.length > 0 ? READ_AT_ONCE : most;
  let { score, member } = start;
  while (!isLate(search)) {
    const from = await rankAfter(score, member);
    const members = await redis.zrange(own.unconfirmed, `${from}`, `${from + count - 1}`);
    const last = members.at(-1);
    if (last === undefined) return;
    const found = words.length > 0 ? await likely(members) : members;
    for (let at = 0; at < found.length; at += most) yield found.slice(at, at + most);
    if (members.length < count) return;
    score = (await redis.zscore(own.unconfirmed, last)) ?? score;
    member = last;
  }

  /** The event may be gone meanwhile. */
  async function rankAfter(lastScore: string, lastMember: string): Promise<number> {
    if (lastMember === "") return 0;
    const rank = await redis.zrank(own.unconfirmed, lastMember);
    return rank === null ? await redis.zcount(own.unconfirmed, "-inf", `(${lastScore}`) : rank + 1;
  }

  async function likely(members: readonly string[]): Promise<readonly string[]> {
    const lives = await redis.hmget(own.lives, ...members);
    const found: { readonly fingerprint: string; readonly life: string }[] = [];
    for (const [index, fingerprint] of members.entries()) {
      const life = lives[index] ?? "";
      // The whole error of an attempt is only in its job.
      if (!UNTRIED.test(life) || mayHave(words, `${source}\n${life}`)) found.push({ fingerprint, life });
    }
    if (found.length === 0) return [];
    const parkedAt = await redis.zmscore(own.queue("failed"), ...found.map(({ life }) => life.split("\t", 1)[0] ?? ""));
    return found.flatMap(({ fingerprint }, index) => (parkedAt[index] === null ? fingerprint : []));
  }
}
