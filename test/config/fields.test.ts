import { expect, test } from "vitest";
import { credentials, forwardSecret, mistakesIn } from "./support.ts";

test.each([
  ["CONCURRENCY", "many", 'CONCURRENCY: "many" is not a whole number; use 1 to 1000'],
  ["CONCURRENCY", "0", 'CONCURRENCY: "0" is out of range; use 1 to 1000'],
  ["ATTEMPTS", "1.5", 'ATTEMPTS: "1.5" is not a whole number; use 1 to 1000'],
  ["HANDLER_TIMEOUT_MS", "1e3", 'HANDLER_TIMEOUT_MS: "1e3" is not a whole number; use 100 to 86400000'],
  ["BACKOFF_MS", "-1", 'BACKOFF_MS: "-1" is out of range; use 1 to 600000'],
  ["MAX_WAITING", "0x10", 'MAX_WAITING: "0x10" is not a whole number; use 1 to 1000000'],
  ["PORT", "65536", 'PORT: "65536" is out of range; use 0 to 65535'],
  ["PAGES_PORT", "65536", 'PAGES_PORT: "65536" is out of range; use 0 to 65535'],
  ["PAGES_PORT", "3000", "PAGES_PORT: 3000 is PORT as well; set another, so that callbacks and pages do not share one"],
  ["SHUTDOWN_GRACE_MS", "25s", 'SHUTDOWN_GRACE_MS: "25s" is not a whole number; use 100 to 3600000'],
  ["CONFIRM_GRACE_MS", "1", 'CONFIRM_GRACE_MS: "1" is out of range; use 20 to 600000'],
  ["PARKED", "Hold", 'PARKED: "Hold" is not known; use hold or confirm'],
  ["UNHANDLED", "drop", 'UNHANDLED: "drop" is not known; use park or confirm'],
  ["LOG_LEVEL", "verbose", 'LOG_LEVEL: "verbose" is not known; use fatal, error, warn, info, debug, trace or silent'],
  ["REDIS_SERVER", "local", 'REDIS_SERVER: "local" is not known; use fetch'],
  ["ROLES", "pull,wrok", 'ROLES: "wrok" is not known; use a comma list of pull, work or http'],
  ["ROLES", "pull,", 'ROLES: "" is not known; use a comma list of pull, work or http'],
  [
    "ROLES",
    "work,pull",
    "REDIS_URL: is not set, but ROLES gives this process only pull and work; set the Redis all processes share",
  ],
  [
    "REDIS_URL",
    "http://redis:6379",
    "REDIS_URL: is not a redis://, rediss://, redis+sentinel:// or redis+cluster:// URL; use one such as redis://user:password@host:6379/0, special characters of the password as %XX",
  ],
  [
    "REDIS_URL",
    "redis://redis:6379/queue",
    "REDIS_URL: ends in something else than a database number; use one such as /0",
  ],
  [
    "REDIS_URL",
    "redis+sentinel://one:26379,two:26379",
    "REDIS_URL: does not name sentinels and a primary; use redis+sentinel://user:password@host1:26379,host2:26379/NAME/0 with the name that the sentinels have for it, special characters of the password as %XX",
  ],
  [
    "REDIS_URL",
    "redis+cluster://one:6379,two:6379/1",
    "REDIS_URL: ends in a database number, but a cluster has only one database; remove it",
  ],
  [
    "REDIS_URL",
    "redis+cluster://one:6379,,two:6379",
    "REDIS_URL: does not name nodes of a cluster; use redis+cluster://user:password@host1:6379,host2:6379, special characters of the password as %XX",
  ],
  [
    "REDIS_SENTINEL_PASSWORD",
    "of-the-sentinels",
    "REDIS_SENTINEL_PASSWORD: is set, but REDIS_URL names no sentinels; use redis+sentinel:// there, or remove it",
  ],
  [
    "QUEUE_PREFIX",
    "{video}",
    'QUEUE_PREFIX: "{video}" cannot start a key; use up to 64 letters, digits and the characters _ . : -',
  ],
  [
    "HOST",
    "http://0.0.0.0",
    'HOST: "http://0.0.0.0" is neither an address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reachable from outside',
  ],
  [
    "HOST",
    "https://me:s3cret@worker.example?key=s3cret",
    'HOST: "…@worker.example?…" is neither an address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reachable from outside',
  ],
  [
    "HOST",
    "127.0.0.300",
    'HOST: "127.0.0.300" is neither an address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reachable from outside',
  ],
  [
    "DASHBOARD_PASSWORD",
    "12345678901",
    "DASHBOARD_PASSWORD: is shorter than 12 characters; use a longer one, such as: openssl rand -hex 16",
  ],
  ["DASHBOARD_USER", "ops", "DASHBOARD_PASSWORD: is not set, but DASHBOARD_USER is; set both, or only the password"],
  [
    "FORWARD_URL",
    "https://receiver.example",
    'FORWARD_SECRET: is not set, but FORWARD_URL is; set it, made with: echo "whsec_$(openssl rand -base64 32)"',
  ],
  ["FORWARD_SECRET", forwardSecret, "FORWARD_URL: is not set, but FORWARD_SECRET is; set both or none"],
])("%s=%s is refused, with a value to write instead", (name, value, mistake) => {
  expect(mistakesIn({ ...credentials, [name]: value })).toEqual([mistake]);
});
