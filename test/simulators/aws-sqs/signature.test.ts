import { describe, expect, test } from "vitest";
import { isSigned, readClaim, type SignedCall, timeOf } from "../../../src/simulators/aws-sqs/signature.ts";
import { AWS } from "../../support/published-signatures.ts";

const CALLS = AWS.calls.map(({ method, authorization }) => {
  const claim = readClaim(authorization);
  if (!claim) throw new Error(`cannot be read: ${authorization}`);
  const call: SignedCall = { method, target: "/", headers: AWS.headers, body: "" };
  return { call, claim };
});
const { secretAccessKey: secret } = AWS.keys;

describe.each(CALLS)("the published AWS call %#", ({ call, claim }) => {
  test("is accepted as genuine", () => {
    expect(claim).toMatchObject({ accessKeyId: "AKIDEXAMPLE", region: "us-east-1", service: "service" });
    expect(isSigned(claim, call, secret)).toBe(true);
    expect(timeOf(call)).toBe(Date.UTC(2015, 7, 30, 12, 36));
  });

  test.each<[string, SignedCall]>([
    ["another method", { ...call, method: "DELETE" }],
    ["another path", { ...call, target: "/x" }],
    ["another query", { ...call, target: "/?x=1" }],
    ["another body", { ...call, body: "{}" }],
    ["another host", { ...call, headers: { ...call.headers, host: "other.example.com" } }],
    ["another time", { ...call, headers: { ...call.headers, "x-amz-date": "20150830T123601Z" } }],
    ["another day", { ...call, headers: { ...call.headers, "x-amz-date": "20150831T123600Z" } }],
    ["a header that is not covered", { ...call, headers: { ...call.headers, "x-amz-target": "AmazonSQS.Anything" } }],
  ])("is refused with %s", (_, forged) => {
    expect(isSigned(claim, forged, secret)).toBe(false);
  });

  test("is refused with another secret, and in another region or service", () => {
    expect(isSigned(claim, call, `${secret}x`)).toBe(false);
    expect(isSigned({ ...claim, region: "us-east-2" }, call, secret)).toBe(false);
    expect(isSigned({ ...claim, service: "sqs" }, call, secret)).toBe(false);
    expect(isSigned({ ...claim, signedHeaders: ["x-amz-date"] }, call, secret)).toBe(false);
  });
});

test.each([
  "",
  "Bearer x",
  "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=5fa0",
  "AWS4-HMAC-SHA256 Credential=AKID/2015/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=",
])("%j is refused as an Authorization header of AWS", (header) => {
  expect(readClaim(header)).toBeUndefined();
});

test.each(["", "today", "2015-08-30T12:36:00Z!", "20150830"])("%j is refused as the time of an AWS call", (time) => {
  expect(timeOf({ method: "POST", target: "/", headers: { "x-amz-date": time }, body: "" })).toBeNaN();
});
