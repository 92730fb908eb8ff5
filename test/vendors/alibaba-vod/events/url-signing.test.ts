import { hash } from "node:crypto";
import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter, wholeCharacter } from "../../../support/characters.ts";
import { createUrlSigner } from "../../../../src/vendors/alibaba-vod/events/url-signing.ts";

const key = "aliyuncdnexp1234";

/** As the vendor publishes them. */
const PUBLISHED = [
  {
    type: "A",
    now: 1_444_435_200_000,
    url: "http://cdn.example.com/video/standard/1K.html",
    signed: "http://cdn.example.com/video/standard/1K.html?auth_key=1444435200-0-0-80cd3862d699b7118eed99103f2a3a4f",
  },
  {
    type: "B",
    now: Date.parse("2015-08-15T08:00:00+08:00"),
    url: "http://cdn.example.com/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3",
    signed:
      "http://cdn.example.com/201508150800/9044548ef1527deadafa49a890a377f0/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3",
  },
  {
    type: "C",
    now: 0x55ce8100 * 1000,
    url: "http://cdn.example.com/test.flv",
    signed: "http://cdn.example.com/a37fa50a5fb8f71214b1e7c95ec7a1bd/55CE8100/test.flv",
  },
] as const;

describe.each(PUBLISHED)("signing a URL of Alibaba Cloud VOD with type $type", ({ type, now, url, signed }) => {
  test("gives the published signature for the published URL", () => {
    expect(createUrlSigner({ type, key, now: () => now, rand: () => "0" })(url)).toBe(signed);
  });

  test("gives other signatures for another URL, time or key", () => {
    const options = { type, key, now: () => now, rand: () => "0" };
    const [signature = "none"] = /[0-9a-f]{32}(?!\.mp3)/.exec(signed) ?? [];

    expect(createUrlSigner(options)(url.replace(/.$/, "x"))).not.toContain(signature);
    expect(createUrlSigner({ ...options, now: () => now + 60_000 })(url)).not.toContain(signature);
    expect(createUrlSigner({ ...options, key: "aliyuncdnexp1235" })(url)).not.toContain(signature);
  });

  test("keeps the rest of the URL", () => {
    const again = createUrlSigner({ type, key })("https://cdn.example.com:8443/a%20b.jpg?x=1%2F2&y#z");

    expect(again).toMatch(/^https:\/\/cdn\.example\.com:8443\/.*a%20b\.jpg\?x=1%2F2&y/);
    expect(again).toMatch(/#z$/);
  });
});

test("the query of an Alibaba URL stays in front of the signature", () => {
  const sign = createUrlSigner({ type: "A", key, now: () => 1_444_435_200_000, rand: () => "r", uid: "7" });

  expect(sign("http://c.example.com/a.jpg?w=1")).toMatch(
    /^http:\/\/c\.example\.com\/a\.jpg\?w=1&auth_key=1444435200-r-7-[0-9a-f]{32}$/,
  );
  expect(sign("http://c.example.com/a.jpg?")).toMatch(/^http:\/\/c\.example\.com\/a\.jpg\?auth_key=/);
});

test("no two signatures of type A for an Alibaba URL are equal, and their random part has no hyphen", () => {
  const sign = createUrlSigner({ type: "A", key, now: () => 0 });

  expect(sign("http://c.example.com/a")).not.toBe(sign("http://c.example.com/a"));
  expect(new URL(sign("http://c.example.com/a")).searchParams.get("auth_key")?.split("-")).toHaveLength(4);
});

test("a signature of an Alibaba URL is valid for the path of the request", () => {
  assert(
    property(paths, secrets, constantFrom("A", "B", "C"), (path, secret, type) => {
      const { pathname, searchParams } = new URL(createUrlSigner({ type, key: secret })(`http://c.example.com${path}`));
      expect(isGood[type](pathname, searchParams.get("auth_key") ?? "", secret)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

const secrets = string({ unit: anyCharacter });
const paths = array(string({ unit: wholeCharacter })).map((parts) =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join(""),
);

/** What the CDN does, written from its side. */
const isGood = {
  A: (path: string, parameter: string, secret: string) => {
    const [time, rand, uid, signature] = parameter.split("-");
    return signature === hash("md5", `${path}-${time}-${rand}-${uid}-${secret}`);
  },
  B: (path: string, _: string, secret: string) => {
    const [, time = "", signature = "", ...rest] = path.split("/");
    return signature === hash("md5", `${secret}${time}/${rest.join("/")}`);
  },
  C: (path: string, _: string, secret: string) => {
    const [, signature = "", time = "", ...rest] = path.split("/");
    return signature === hash("md5", `${secret}/${rest.join("/")}${time}`);
  },
};
