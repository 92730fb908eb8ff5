import { expect, test } from "vitest";
import { authorize } from "../../../../src/vendors/alibaba-vod/pull/signing.ts";
import { MNS } from "../../../support/published-signatures.ts";

test.each(MNS)(
  "the published MNS request %# has the published signature",
  (request, accessKeySecret, authorization) => {
    const [, accessKeyId = ""] = /(?:MNS |Credential=)([^:/]+)/.exec(authorization) ?? [];
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)/.exec(authorization) ?? [];

    expect(authorize(request, { accessKeyId, accessKeySecret }, region)).toBe(authorization);
  },
);

test("a request whose path cannot be decoded has a signature as well", () => {
  const request = { method: "GET", resource: "/queues/%zz?%=%", headers: { date: "never" } };

  expect(() => authorize(request, { accessKeyId: "ak", accessKeySecret: "sk" }, "region1")).not.toThrow();
});
