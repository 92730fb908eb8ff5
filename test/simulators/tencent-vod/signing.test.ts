import { expect, test } from "vitest";
import {
  authorize,
  isSignature,
  parseAuthorization,
  signatureOf,
} from "../../../src/simulators/tencent-vod/signing.ts";

const request = {
  method: "POST",
  headers: [
    ["content-type", "application/json"],
    ["host", "vod.tencentcloudapi.com"],
  ],
  body: `{"SubAppId":1500000001}`,
  timestamp: 1_700_000_000,
  service: "vod",
  secretKey: "SECRETEXAMPLE",
} as const;
const signature = "777b52d246c22bb78fc6cc2928aea39bbe5a11813f8acf0e8b086b9ac8002566";

test("a known Tencent request has the known signature", () => {
  expect(signatureOf(request)).toBe(signature);
  expect(signatureOf({ ...request, body: Buffer.from(request.body) })).toBe(signature);
});

test("a Tencent signature is valid only for its own request", () => {
  expect(isSignature(signature, request)).toBe(true);
  expect(isSignature(signature, { ...request, body: `{"SubAppId":1500000002}` })).toBe(false);
  expect(isSignature(signature, { ...request, secretKey: "OTHER" })).toBe(false);
  expect(isSignature(signature, { ...request, timestamp: request.timestamp + 1 })).toBe(false);
  expect(isSignature(signature, { ...request, service: "cvm" })).toBe(false);
  expect(isSignature("", request)).toBe(false);
  expect(isSignature(signature.slice(1), request)).toBe(false);
});

test("a Tencent Authorization header can be read back", () => {
  const header = authorize({ ...request, secretId: "AKIDEXAMPLE" });

  expect(parseAuthorization(header)).toEqual({
    secretId: "AKIDEXAMPLE",
    date: "2023-11-14",
    service: "vod",
    signedHeaders: ["content-type", "host"],
    signature,
  });
});

test.each(["", "SKIP", "Basic c2ltdWxhdG9y", "TC3-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x"])(
  "%j is refused as a Tencent Authorization header",
  (header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  },
);
