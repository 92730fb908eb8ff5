/** Asks the sentinels, at the start and for `doctor`. The client only reports that it found no primary. */
import { Redis, type SentinelAddress } from "ioredis";
import { z } from "zod";
import { messageOf } from "../core/failure.ts";
import { distrustIn } from "./distrust.ts";

export type Sentinel = { readonly address: string } & (
  | { readonly trouble: string }
  | {
      /** The names of all primaries that this sentinel watches. */
      readonly names: readonly string[];
      /** The address of our primary, if the sentinel knows it. */
      readonly primary: string | undefined;
      /** Whether enough sentinels agree to replace it, in the sentinel's own words. */
      readonly quorum: string;
    }
);

const PATIENCE_MS = 1_500;
const Watched = z.array(z.array(z.string()));
const Place = z.tuple([z.string(), z.string()]).nullable();

/** Asks the sentinels in the connection's settings. None if it leads to one address. */
export async function askSentinels(redis: Redis): Promise<readonly Sentinel[]> {
  return await Promise.all((redis.options.sentinels ?? []).map((one) => askOne(one, redis)));
}

async function askOne({ host = "", port = 0 }: Partial<SentinelAddress>, { options }: Redis): Promise<Sentinel> {
  const address = `${host}:${port}`;
  const sentinel = new Redis({
    host,
    port,
    password: options.sentinelPassword ?? undefined,
    tls: options.sentinelTLS,
    replyMapping: "legacy",
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
  });
  let said: unknown;
  sentinel.on("error", (err: unknown) => (said ??= err));
  try {
    await sentinel.connect();
    return Object.assign(await askFor(options.name ?? "", sentinel), { address });
  } catch (err) {
    return { address, trouble: messageOf(said ?? err) };
  } finally {
    sentinel.disconnect();
  }
}

async function askFor(name: string, sentinel: Redis) {
  const watched = Watched.parse(await sentinel.call("SENTINEL", "MASTERS"));
  const place = Place.parse(await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name));
  const quorum = String(await sentinel.call("SENTINEL", "CKQUORUM", name).catch(messageOf));
  const names = watched.map((fields) => fields[fields.indexOf("name") + 1] ?? "");
  return { names, primary: place?.join(":"), quorum };
}

/** A mistake that waiting does not fix. Undefined if there is none, or if no sentinel answers. */
export async function sentinelMistake(redis: Redis): Promise<string | undefined> {
  const all = await askSentinels(redis);
  const answering = all.flatMap((one) => ("names" in one ? [one] : []));
  const known = new Set(answering.flatMap(({ names }) => names));
  const { name = "" } = redis.options;
  if (answering.length > 0 && !known.has(name)) {
    const others = [...known].map((one) => JSON.stringify(one)).join(", ") || "none";
    return `the sentinels know no primary ${JSON.stringify(name)}, but ${others}; correct its name in the URL`;
  }
  if (answering.length > 0) return undefined;
  for (const { address, trouble } of all.flatMap((one) => ("trouble" in one ? [one] : []))) {
    if (/^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password)/.test(trouble))
      return `the sentinel ${address} refuses the password (${trouble}); set REDIS_SENTINEL_PASSWORD to that of the sentinels`;
    const distrust = distrustIn(trouble);
    if (distrust !== undefined) return `the sentinel ${address} ${distrust}`;
    if (/unknown command/i.test(trouble))
      return `${address} is no sentinel; name the sentinels, which listen on 26379 unless they were told otherwise`;
  }
  return undefined;
}
