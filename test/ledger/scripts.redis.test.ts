import { describe, expect, test, vi } from "vitest";
import { bindScript, joinScript } from "../../src/ledger/scripts.ts";
import { startOwnRedis } from "../support/redis.ts";
import { Redis } from "ioredis";

const CLOCK = "local now = redis.call('TIME')[1]";
const WRITE = "return redis.call('SET', KEYS[1], ARGV[1] .. now)";

describe("a Lua script with flags", () => {
  test("has them in its first line, whatever is placed before it", () => {
    expect(joinScript([CLOCK], `#!lua flags=allow-oom\n${WRITE}`)).toBe(`#!lua flags=allow-oom\n${CLOCK}\n${WRITE}`);
    expect(joinScript([CLOCK], WRITE)).toBe(`${CLOCK}\n${WRITE}`);
  });

  test("may write to a full Redis, and one without flags may not", async () => {
    const { url, keys } = await startOwnRedis();
    const redis = new Redis(url);
    const [key] = keys.shared.scope;
    await redis.config("SET", "maxmemory", "1");
    const plain = bindScript(redis, joinScript([CLOCK], WRITE));
    const allowed = bindScript(redis, joinScript([CLOCK], `#!lua flags=allow-oom\n${WRITE}`));
    await expect(plain([key], "a")).rejects.toThrow("OOM");
    expect(await allowed([key], "b")).toBe("OK");
    expect(await redis.get(key)).toMatch(/^b\d+$/);
    redis.disconnect();
  });

  test("is loaded again into a Redis that has forgotten it", async () => {
    const { url, keys } = await startOwnRedis();
    const redis = new Redis(url);
    const script = bindScript(redis, joinScript([CLOCK], `#!lua flags=allow-oom\n${WRITE}`));
    const [key] = keys.shared.scope;
    await script([key], "a");
    await redis.script("FLUSH");
    expect(await script([key], "b")).toBe("OK");
    redis.disconnect();
  });

  test.for([
    ["6.2.14", `${CLOCK}\n${WRITE}`],
    ["7.0.15", `#!lua flags=allow-oom\n${CLOCK}\n${WRITE}`],
    ["10.1.0", `#!lua flags=allow-oom\n${CLOCK}\n${WRITE}`],
  ])("is loaded into Redis %s in a form that it understands", async ([version = "", text]) => {
    const redis = forgetful(version);
    expect(await bindScript(redis, joinScript([CLOCK], `#!lua flags=allow-oom\n${WRITE}`))(["key"], "a")).toBe("OK");
    expect(redis.eval.mock.calls).toEqual([[text, 1, "key", "a"]]);
  });
});

test("a Lua script without flags does not ask for Redis' version", async () => {
  const redis = forgetful("7.0.15");
  expect(await bindScript(redis, joinScript([CLOCK], WRITE))(["key"], "a")).toBe("OK");
  expect(redis.info).not.toHaveBeenCalled();
});

/** A fake Redis of this version that has no scripts loaded. */
function forgetful(version: string) {
  return {
    evalsha: vi.fn(async () => Promise.reject(new Error("NOSCRIPT No matching script"))),
    eval: vi.fn(async () => Promise.resolve("OK")),
    info: vi.fn(async () => Promise.resolve(`# Server\r\nredis_version:${version}\r\nos:Linux\r\n`)),
  };
}
