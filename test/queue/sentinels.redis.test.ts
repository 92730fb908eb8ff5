import { pino } from "pino";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { once } from "node:events";
import { connect } from "../../src/queue/connection.ts";
import { reach } from "../../src/queue/reach.ts";
import { checkTopology } from "../../src/queue/redis-topology.ts";
import { freePort } from "../support/free-port.ts";
import { redisTroubleOf } from "../../src/core/redis-trouble.ts";
import { sharedRedis } from "../support/redis.ts";
import { type SentinelSet, startSentinelSet } from "../support/sentinel-set.ts";
import { until } from "../support/until.ts";

const PASSWORDS = { password: "of-redis/%", sentinelPassword: "of the sentinels" };
const log = pino({ level: "silent" });
const PATIENCE_MS = 30_000;

let set: SentinelSet;
beforeAll(async () => void (set = await startSentinelSet({ replicas: 1, ...PASSWORDS })));
afterAll(() => set?.close());

function open(url = set.url, sentinelPassword: string | undefined = PASSWORDS.sentinelPassword) {
  const redis = connect({ place: { prefix: "test", url, sentinelPassword }, name: "test", log, use: "command" });
  onTestFinished(() => redis.disconnect());
  return redis;
}

const tried = (redis: ReturnType<typeof open>, forMs = PATIENCE_MS) => reach(redis, forMs).catch((err: unknown) => err);

test("the sentinels lead to the primary, with a password for each", async () => {
  const redis = open();

  await reach(redis, PATIENCE_MS);

  expect((await redis.role())[0]).toBe("master");
  expect(redis.stream.remotePort).toBe(await set.primaryPort());
});

test("one reachable sentinel is enough, wherever it is in the list", async () => {
  const gone = await freePort();
  const redis = open(set.url.replace(`:${set.sentinels[0]?.port}`, `:${gone}`));

  await reach(redis, PATIENCE_MS);

  expect((await redis.role())[0]).toBe("master");
});

test("a primary's name that no sentinel knows is a mistake, and the error lists the known names", async () => {
  expect(await tried(open(set.url.replace(/events$/, "evnets")))).toEqual(
    new Error('REDIS_URL: the sentinels know no primary "evnets", but "events"; correct its name in the URL'),
  );
});

test.each([
  ["none", undefined],
  ["another", "wrong"],
])("%s instead of the sentinels' password is a mistake that names the setting", async (_what, password) => {
  const redis = connect({
    place: { prefix: "test", url: set.url, sentinelPassword: password },
    name: "test",
    log,
    use: "command",
  });
  onTestFinished(() => redis.disconnect());

  expect(await tried(redis)).toMatchObject({
    message: expect.stringMatching(
      /^REDIS_URL: the sentinel 127\.0\.0\.1:\d+ refuses the password \((NOAUTH|WRONGPASS).*\); set REDIS_SENTINEL_PASSWORD/,
    ),
  });
});

test("a sentinel URL that leads to a plain Redis is a mistake", async () => {
  const { port } = new URL(sharedRedis().url);

  expect(await tried(open(`redis+sentinel://127.0.0.1:${port}/events`, ""))).toMatchObject({
    message: expect.stringMatching(/^REDIS_URL: (127\.0\.0\.1:\d+ is no sentinel|the sentinel .* refuses)/),
  });
});

test("a plain URL that leads to a sentinel is a mistake, and the error gives the URL to use", async () => {
  const port = set.sentinels[0]?.port;
  const url = `redis://:${encodeURIComponent(PASSWORDS.sentinelPassword)}@127.0.0.1:${port}`;

  expect(await tried(open(url))).toEqual(
    new Error(
      `REDIS_URL: 127.0.0.1:${port} is a sentinel; use redis+sentinel://127.0.0.1:${port}/NAME, with the name that it has for the primary`,
    ),
  );
});

test("unreachable sentinels are waited for, then named in the error", async () => {
  const [one, other] = [await freePort(), await freePort()];

  const err = await tried(open(`redis+sentinel://127.0.0.1:${one},127.0.0.1:${other}/events`), 3_000);

  expect(err).toMatchObject({
    name: "UnavailableError",
    message: expect.stringContaining(
      `REDIS_URL: no Redis answers at events of the sentinels 127.0.0.1:${one}, 127.0.0.1:${other} within 3 s`,
    ),
  });
});

test("a connection without any sentinel and primary reports that Redis is away", async () => {
  const gone = await freePort();
  const redis = open(`redis+sentinel://127.0.0.1:${gone}/events`);

  const heard = once(redis, "error");
  redis.connect().catch(() => {});

  expect(redisTroubleOf((await heard)[0])).toMatchObject({ code: "redis-away" });
});

test("a connection to a frozen primary is cut when the sentinels have replaced it", async () => {
  const own = await startSentinelSet({ replicas: 1 });
  onTestFinished(() => own.close());
  const redis = open(own.url, "");
  await reach(redis, PATIENCE_MS);
  const frozen = await own.primary();

  frozen.process.kill("SIGSTOP");
  await once(redis, "close");

  expect(await redis.role()).toMatchObject({ 0: "master" });
  expect(redis.stream.remotePort).not.toBe(frozen.port);
});

test("doctor reports the replicas, the risk of a cut-off primary, and the sentinels", async () => {
  const redis = open();
  await reach(redis, PATIENCE_MS);

  expect(await checkTopology(redis)).toEqual([
    {
      level: "ok",
      fact: expect.stringMatching(
        /^a replica follows it: 127\.0\.0\.1:\d+ \(online, \d+ bytes behind, appendfsync always, version \d+\.\d+\.\d+\)$/,
      ),
    },
    {
      level: "warn",
      fact: "a primary that is cut off from its replicas goes on taking writes, which a failover then loses",
      fix: "set min-replicas-to-write 1 and min-replicas-max-lag 10",
    },
    { level: "ok", fact: "3 of 3 sentinels answer, and agree on the primary and on a failover" },
  ]);
});

test("doctor names unreachable sentinels, and says when too few are left for a failover", async () => {
  const own = await startSentinelSet({ replicas: 1, sentinels: 2 });
  onTestFinished(() => own.close());
  const redis = open(own.url, "");
  await reach(redis, PATIENCE_MS);
  const [one, other] = own.sentinels;

  other?.process.kill("SIGKILL");
  await until("the other one notices", async () => {
    const said = await one?.admin.call("SENTINEL", "CKQUORUM", own.name).catch(String);
    return String(said).includes("NOQUORUM");
  });

  expect(await checkTopology(redis)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        fact: expect.stringContaining(`the sentinel 127.0.0.1:${other?.port} does not answer`),
      }),
      expect.objectContaining({
        level: "error",
        fact: expect.stringMatching(/^no failover can happen now, says the sentinel 127\.0\.0\.1:\d+: NOQUORUM /),
      }),
    ]),
  );
});
