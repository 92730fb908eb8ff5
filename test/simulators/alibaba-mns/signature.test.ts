import { describe, expect, test } from "vitest";
import { isSigned, readClaim, type SignedCall } from "../../../src/simulators/alibaba-mns/signature.ts";
import { MNS } from "../../support/published-signatures.ts";

const CALLS = MNS.map(([{ headers, ...call }, secret, authorization]) => {
  const claim = readClaim(authorization);
  if (!claim) throw new Error(`cannot be read: ${authorization}`);
  const received: SignedCall = { ...call, headers: Object.fromEntries(new Headers(headers)) };
  return { received, secret, claim };
});

describe.each(CALLS)("the published MNS call %#", ({ received: call, secret, claim }) => {
  test("is accepted as genuine", () => {
    expect(isSigned(claim, call, secret)).toBe(true);
  });

  test.each<[string, SignedCall]>([
    ["another method", { ...call, method: "DELETE" }],
    ["another resource", { ...call, resource: `${call.resource}x` }],
    ["another query", { ...call, resource: `${call.resource}${call.resource.includes("?") ? "&" : "?"}x=1` }],
    ["another time", { ...call, headers: { ...call.headers, date: "Fri, 05 Dec 2025 06:32:35 GMT" } }],
    ["no time", { ...call, headers: { ...call.headers, date: "never" } }],
    ["one signed header more", { ...call, headers: { ...call.headers, "x-mns-more": "1" } }],
    ["another content type", { ...call, headers: { ...call.headers, "content-type": "text/plain" } }],
    ["a resource that cannot be decoded", { ...call, resource: `${call.resource}/%zz?%=%` }],
  ])("is refused with %s", (_, forged) => {
    expect(isSigned(claim, forged, secret)).toBe(false);
  });

  test("is refused with another secret or a signature cut short", () => {
    expect(isSigned(claim, call, `${secret}x`)).toBe(false);
    expect(isSigned({ ...claim, signature: claim.signature.slice(1) }, call, secret)).toBe(false);
    expect(isSigned({ ...claim, signature: "" }, call, secret)).toBe(false);
  });

  test("with V4 is valid only for its own day and region", () => {
    if (claim.version === "v2") return expect(claim).not.toHaveProperty("day");
    expect(isSigned({ ...claim, day: "20251205" }, call, secret)).toBe(false);
    expect(isSigned({ ...claim, region: "elsewhere" }, call, secret)).toBe(false);
  });
});

test.each([
  "",
  "MNS",
  "MNS ak",
  "MNS :sig",
  "Bearer x",
  "MNS4-HMAC-SHA256 Credential=ak/1/r/mns/aliyun_v4_request,Signature=a",
])("%j is refused as an Authorization header of MNS", (header) => {
  expect(readClaim(header)).toBeUndefined();
});
