import { expect, test } from "vitest";
import { doubtAbout, signatureOf } from "../../../../src/vendors/zegocloud/push/signing.ts";
import { ZEGO_CALLBACK } from "../../../support/published-signatures.ts";
import { NOW_MS } from "./calls.ts";

const PUBLISHED = ZEGO_CALLBACK;
const ANY_TIME = { toleranceMs: Number.POSITIVE_INFINITY, now: () => NOW_MS };

test("the published ZEGOCLOUD signature is made and accepted", () => {
  expect(signatureOf("secret", PUBLISHED)).toBe(PUBLISHED.signature);
  expect(doubtAbout(PUBLISHED, { secrets: ["secret"], ...ANY_TIME })).toBeUndefined();
});

test.each([
  ["another secret", { secrets: ["Secret"] }, {}],
  ["another time", {}, { timestamp: "1470820199" }],
  ["another number", {}, { nonce: "123413" }],
  ["another last digit", {}, { signature: "5bd59fd62953a8059fb7eaba95720f66d19e4516" }],
  ["capitals", {}, { signature: PUBLISHED.signature.toUpperCase() }],
  ["only its beginning", {}, { signature: PUBLISHED.signature.slice(0, 39) }],
  ["more behind it", {}, { signature: `${PUBLISHED.signature}0` }],
  ["nothing", {}, { signature: "" }],
])("a ZEGOCLOUD signature with %s is refused", (_, trust, change) => {
  const doubt = doubtAbout({ ...PUBLISHED, ...change }, { secrets: ["secret"], ...ANY_TIME, ...trust });

  expect(doubt).toBe("its signature was made with none of the 1 callback secret(s)");
});

test("a ZEGOCLOUD signature by any of several secrets is accepted", () => {
  expect(doubtAbout(PUBLISHED, { secrets: ["new", "secret", "other"], ...ANY_TIME })).toBeUndefined();
});

test.each([
  ["now", String(NOW_MS / 1000), undefined],
  ["at the edge", String(NOW_MS / 1000 - 300), undefined],
  ["at the edge, ahead", String(NOW_MS / 1000 + 300), undefined],
  ["in milliseconds", String(NOW_MS - 299_000), undefined],
  ["too old", String(NOW_MS / 1000 - 301), "it was signed 301 s ago, more than the tolerated 300 s"],
  ["too early", String(NOW_MS / 1000 + 301), "it was signed 301 s ahead, more than the tolerated 300 s"],
  ["too old in milliseconds", String(NOW_MS - 301_000), "it was signed 301 s ago, more than the tolerated 300 s"],
  ["of nine digits", "148150008", "its timestamp is no time"],
  ["of more digits than a time has", `${NOW_MS / 1000}0`, "its timestamp is no time"],
  ["no number", "yesterday", "its timestamp is no time"],
  ["negative", "-767225600", "its timestamp is no time"],
])("a ZEGOCLOUD time that is %s", (_, timestamp, doubt) => {
  const proof = { timestamp, nonce: "7", signature: signatureOf("secret", { timestamp, nonce: "7" }) };

  expect(doubtAbout(proof, { secrets: ["secret"], toleranceMs: 300_000, now: () => NOW_MS })).toBe(doubt);
});
