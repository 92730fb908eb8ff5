import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { createUrlSigner } from "../../../../src/vendors/tencent-vod/events/url-signing.ts";

const url = "http://example.vod2.myqcloud.com/dir1/dir2/myVideo.mp4";
/** As the vendor publishes them. */
const published = {
  key: "24FEQmTzro4V5u3D5epW",
  validMs: 86_400_000,
  now: () => 1_517_400_000_000 - 86_400_000,
  unique: () => "72d4cd1101",
};

test.each([
  [{}, "t=5a71afc0&us=72d4cd1101&sign=3d8488faeb37d52d6bf63b63c1b171c3"],
  [{ mostIps: 3 }, "t=5a71afc0&rlimit=3&us=72d4cd1101&sign=c5214f0d5961b13acd558b4957c4dfc5"],
  [{ previewSeconds: 300 }, "t=5a71afc0&exper=300&us=72d4cd1101&sign=547d98c4b91e81b5ea55c95cef63223f"],
])("the published Tencent URL is signed as published, with %j", (limits, query) => {
  expect(createUrlSigner({ ...published, ...limits })(url)).toBe(`${url}?${query}`);
});

test.each([
  ["key", { key: "24FEQmTzro4V5u3D5epX" }],
  ["time", { now: () => 1_517_400_001_000 }],
  ["limit of addresses", { mostIps: 4 }],
  ["preview", { previewSeconds: 3 }],
  ["unique part", { unique: () => "72d4cd1102" }],
])("another %s gives another signature of a Tencent URL", (_, change) => {
  const signatures = [published, { ...published, ...change }].map(signatureBy);

  expect(new Set(signatures).size).toBe(2);
});

test("Tencent URLs in one folder have the same signature, and those in another folder a different one", () => {
  const sign = createUrlSigner(published);
  const signatureFor = (address: string): string | null => new URL(sign(address)).searchParams.get("sign");

  expect(signatureFor("http://example.vod2.myqcloud.com/dir1/other.mp4")).not.toBe(signatureFor(url));
  expect(signatureFor("http://example.vod2.myqcloud.com/dir1/dir2/other.mp4")).toBe(signatureFor(url));
});

test("a Tencent URL at the root has the root as its folder, and the rest of the URL stays", () => {
  const signed = createUrlSigner(published)("https://example.com:8443/a%20b.mp4?x=1%2F2#z");

  expect(signed).toBe(
    `https://example.com:8443/a%20b.mp4?x=1%2F2&t=5a71afc0&us=72d4cd1101&sign=${hash("md5", `${published.key}/5a71afc072d4cd1101`)}#z`,
  );
});

test.each(["1.png", "1.JPG", "sprite.vtt"])("a Tencent picture URL such as %s is signed only if asked for", (file) => {
  const picture = `http://example.vod2.myqcloud.com/dir1/${file}`;

  expect(createUrlSigner(published)(picture)).toBe(picture);
  expect(createUrlSigner({ ...published, images: true })(picture)).toContain("&sign=");
});

test("no two signatures of Tencent URLs are equal", () => {
  const sign = createUrlSigner({ key: published.key, validMs: 60_000 });

  expect(sign(url)).not.toBe(sign(url));
});

function signatureBy(options: Parameters<typeof createUrlSigner>[0]): string | null {
  return new URL(createUrlSigner(options)(url)).searchParams.get("sign");
}
