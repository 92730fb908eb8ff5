import { expect, test } from "vitest";
import { amzDate, authorize } from "../../../../src/vendors/aws-mediaconvert/pull/signing.ts";
import { AWS } from "../../../support/published-signatures.ts";

const { keys, scope, headers } = AWS;

test.each(AWS.calls)("a $method is signed as AWS' documents show", ({ method, authorization }) => {
  expect(authorize({ method, path: "/", headers, body: "" }, scope, keys)).toBe(authorization);
});

test("another body has another AWS signature", () => {
  const [one, other] = ["{}", "{ }"].map((body) =>
    authorize({ method: "POST", path: "/", headers, body }, scope, keys),
  );

  expect(one).not.toBe(other);
});

test("a time is written in AWS' form", () => {
  expect(amzDate(Date.UTC(2015, 7, 30, 12, 36))).toBe(headers["x-amz-date"]);
});
