import { describe, expect, test } from "vitest";
import {
  authorize,
  isSignature,
  parseAuthorization,
  type SignedRequest,
} from "../../../../src/vendors/alibaba-vod/pull/signing.ts";

/** As published by the vendor, V2 and V4. */
const PUBLISHED: readonly (readonly [SignedRequest, string, string])[] = [
  [
    {
      method: "GET",
      resource: "/MyQueue",
      headers: { date: "Thu, 09 Jul 2015 03:01:34 GMT", "x-mns-version": "2015-06-06" },
    },
    "TestAccessSecret",
    "MNS TestAccessID:uwx3yeWoILzgmvesW0BQSgfM7b8=",
  ],
  [
    {
      method: "POST",
      resource: "/queues/TestQueue",
      headers: { date: "Tue, 03 Jun 2025 11:23:48 GMT", "x-mns-abcDEF": "abcDEF", "x-kkk-def": "def" },
    },
    "sk1",
    "MNS ak1:cAThPWnbphg3hDe3ZHDADTgkgyE=",
  ],
  [
    {
      method: "GET",
      resource: "/queues/TestQueue123456",
      headers: { Date: "Wed, 03 Dec 2025 11:23:48 GMT", "X-MNS-abcDEF": "KKKkkk" },
    },
    "sk-kkkkkk1111111111",
    "MNS ak-kkkk1111111111:lPxnfNA+Qo/aj18MYJUnRMqa84I=",
  ],
  [
    { method: "GET", resource: "/queues/TestQueue", headers: { date: "Tue, 03 Jun 2025 11:23:48 GMT" } },
    "testSk",
    "MNS testAk:uDJQXbk2xOhH95MDXmgbAGdtyE4=",
  ],
  [
    {
      method: "POST",
      resource: `/queues/TestQueue/?param1=abc&PARAM2=d%20%20ef&PARAM3=%5Bdef%5D%23bbb&PARAM4=${encodeURIComponent("中文参数")}`,
      headers: { date: "Tue, 03 Jun 2025 10:52:35 GMT" },
    },
    "sk1",
    "MNS4-HMAC-SHA256 Credential=ak1/20250603/region1/mns/aliyun_v4_request,Signature=1fc6013f158d4c3aba09570895a2a93c8445c2c5213d82a1463baf602cf0d945",
  ],
  [
    {
      method: "PUT",
      resource: "/queues/TestQueue123456",
      headers: { date: "Wed, 03 Dec 2025 11:23:48 GMT", "x-mns-abc": "kkk", "X-MNS-Sss": "2015-06-06xFFF" },
    },
    "skkkkkkk1111111111",
    "MNS4-HMAC-SHA256 Credential=akkkkk1111111111/20251203/region2/mns/aliyun_v4_request,Signature=04f1e5f929b5aaac3af6a54970f591581ecd2aade2562f926c5f2ec5d5c8cfad",
  ],
  [
    {
      method: "GET",
      resource: "/queues",
      headers: {
        date: "Thu, 04 Dec 2025 06:32:35 GMT",
        "x-mns-version": "2015-06-30",
        "x-mns-ttt": "1",
        "X-MNS-UUUuu": "FALse",
        "bb-MNS-UUUuu": "abcdddDDD",
        "Content-Type": "application/json",
        "Content-MD5": "0d9d2ce750000593eb34f00",
      },
    },
    "skkkkkk2222222222",
    "MNS4-HMAC-SHA256 Credential=akkkkk222222222/20251204/eu-west-1/mns/aliyun_v4_request,Signature=294f776a2d5726df679b54b081ab8126a199a2545c8c8a7a875adff0b386e458",
  ],
];

describe.each(PUBLISHED)("the published request %#", (request, accessKeySecret, authorization) => {
  const claim = parseAuthorization(authorization);
  if (!claim) throw new Error(`cannot be read: ${authorization}`);

  test("has the published signature", () => {
    const region = claim.version === "v4" ? claim.region : undefined;

    expect(authorize(request, { accessKeyId: claim.accessKeyId, accessKeySecret }, region)).toBe(authorization);
    expect(isSignature(claim, request, accessKeySecret)).toBe(true);
  });

  test.each<[string, SignedRequest]>([
    ["another method", { ...request, method: "DELETE" }],
    ["another resource", { ...request, resource: `${request.resource}x` }],
    ["another query", { ...request, resource: `${request.resource}${request.resource.includes("?") ? "&" : "?"}x=1` }],
    ["another time", { ...request, headers: { ...request.headers, date: "Fri, 05 Dec 2025 06:32:35 GMT" } }],
    ["one signed header more", { ...request, headers: { ...request.headers, "x-mns-more": "1" } }],
    ["another content type", { ...request, headers: { ...request.headers, "content-type": "text/plain" } }],
  ])("is refused with %s", (_, forged) => {
    // Of two spellings of one header the last one counts, so that the forged date must replace the given one.
    const { Date: given, ...headers } = forged.headers;
    const date = headers["date"] ?? given ?? "";

    expect(isSignature(claim, { ...forged, headers: { ...headers, date } }, accessKeySecret)).toBe(false);
  });

  test("is refused with another secret or a signature cut short", () => {
    expect(isSignature(claim, request, `${accessKeySecret}x`)).toBe(false);
    expect(isSignature({ ...claim, signature: claim.signature.slice(1) }, request, accessKeySecret)).toBe(false);
    expect(isSignature({ ...claim, signature: "" }, request, accessKeySecret)).toBe(false);
  });
});

test("a signature of V4 is good for its own day and region only", () => {
  const [request, secret, authorization] = PUBLISHED[5] ?? [];
  const claim = authorization === undefined ? undefined : parseAuthorization(authorization);
  if (!request || secret === undefined || claim?.version !== "v4") throw new Error("no such vector");

  expect(isSignature({ ...claim, day: "20251204" }, request, secret)).toBe(false);
  expect(isSignature({ ...claim, region: "region1" }, request, secret)).toBe(false);
});

test.each([
  "",
  "MNS",
  "MNS ak",
  "MNS :sig",
  "Bearer x",
  "MNS4-HMAC-SHA256 Credential=ak/1/r/mns/aliyun_v4_request,Signature=a",
])("%j is no Authorization header of MNS", (header) => {
  expect(parseAuthorization(header)).toBeUndefined();
});

test("what cannot be decoded has a signature like anything else", () => {
  const request = { method: "GET", resource: "/queues/%zz?%=%", headers: { date: "never" } };

  expect(() => authorize(request, { accessKeyId: "ak", accessKeySecret: "sk" }, "region1")).not.toThrow();
});
