import { expect, test } from "vitest";
import { readClusterUrl, readSentinelUrl } from "../../src/settings/redis-url.ts";

test("a redis+sentinel:// URL gives sentinels, the primary's name and the database, with defaults for missing parts", () => {
  expect(readSentinelUrl("redis+sentinel://one,two:5000/events")).toEqual({
    sentinels: [
      { host: "one", port: 26_379 },
      { host: "two", port: 5_000 },
    ],
    primary: "events",
    database: 0,
    isEncrypted: false,
  });
  expect(readSentinelUrl("rediss+sentinel://worker:p%40ss%2F%3A%25@[::1]:26380/a%20name/3")).toEqual({
    sentinels: [{ host: "::1", port: 26_380 }],
    primary: "a name",
    database: 3,
    username: "worker",
    password: "p@ss/:%",
    isEncrypted: true,
  });
  expect(readSentinelUrl("redis+sentinel://:10%@one/events")).toMatchObject({ password: "10%" });
});

test.each([
  "redis://one:6379/0",
  "redis+sentinel://one:26379",
  "redis+sentinel://one:26379/",
  "redis+sentinel:///events",
  "redis+sentinel://one,,two/events",
  "redis+sentinel://one:many/events",
  "redis+sentinel://one/events/first",
  "redis+sentinel://one/events/0/1",
  "redis+sentinel://p/ss@one/events",
])("%s is no valid sentinel URL", (text) => {
  expect(readSentinelUrl(text)).toBeUndefined();
});

test("a redis+cluster:// URL gives the cluster's nodes, with defaults for missing parts", () => {
  expect(readClusterUrl("redis+cluster://one,two:5000/")).toEqual({
    nodes: [
      { host: "one", port: 6_379 },
      { host: "two", port: 5_000 },
    ],
    isEncrypted: false,
  });
  expect(readClusterUrl("rediss+cluster://worker:p%40ss@[::1]:7000/0")).toEqual({
    nodes: [{ host: "::1", port: 7_000 }],
    username: "worker",
    password: "p@ss",
    isEncrypted: true,
  });
});

test.each(["redis://one:6379", "redis+cluster://", "redis+cluster://one,,two", "redis+cluster://one:6379/name"])(
  "%s is no valid cluster URL",
  (text) => {
    expect(readClusterUrl(text)).toBeUndefined();
  },
);
