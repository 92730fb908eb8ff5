import { ReplyError } from "ioredis";
import { expect, test } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { redisTroubleOf } from "../../src/core/redis-trouble.ts";

test.each([
  ["LOADING Redis is loading the dataset in memory", "redis-loading"],
  ["CLUSTERDOWN Hash slot not served", "redis-cluster-down"],
  ["TRYAGAIN Multiple keys request during rehashing of slot", "redis-cluster-down"],
  ["MOVED 3433 10.0.0.4:6379", "redis-wrong-node"],
  ["ASK 3433 10.0.0.4:6379", "redis-cluster-down"],
  ["ERR max number of clients reached", "redis-no-connections"],
  ["NOAUTH Authentication required.", "redis-no-access"],
])("the Redis reply %s has a code and a fix", (reply, code) => {
  expect(redisTroubleOf(new ReplyError(reply))).toMatchObject({ code, fix: expect.stringMatching(/\w/) });
});

test("a Redis reply is recognised as the cause of another error", () => {
  const cause = new ReplyError("OOM command not allowed when used memory > 'maxmemory'.");
  expect(redisTroubleOf(new Error("cannot accept", { cause }))?.code).toBe("redis-full");
});

test("an unknown Redis reply is reported without the arguments of the command", () => {
  const said = "ERR unknown command 'FOO', with args beginning with: 'a receipt' 'a body' ";
  expect(redisTroubleOf(new ReplyError(said))).toMatchObject({
    code: "redis-error",
    fact: "Redis answers with an error: ERR unknown command 'FOO'",
  });
});

test.each([
  ["a vendor's outage", new VendorError("outage", "fetch failed", { cause: coded("ECONNREFUSED") })],
  ["an error of ours", new TypeError("OOM is not a function")],
  ["no error at all", undefined],
])("%s is not taken for Redis trouble", (_, err) => {
  expect(redisTroubleOf(err)).toBeUndefined();
});

test("a refused connection counts as Redis away, whether one or several addresses were tried", () => {
  expect(redisTroubleOf(coded("ECONNREFUSED"))?.code).toBe("redis-away");
  expect(redisTroubleOf(new AggregateError([coded("ECONNREFUSED")], ""))?.code).toBe("redis-away");
});

function coded(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:6379`), { code });
}
