import { expect, test } from "vitest";
import { amzDate, authorize } from "../../../../src/vendors/aws-mediaconvert/pull/signing.ts";

/** Published by AWS to try implementations with. */
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const SCOPE = { region: "us-east-1", service: "service" };
const headers = { host: "example.amazonaws.com", "x-amz-date": amzDate(Date.UTC(2015, 7, 30, 12, 36)) };

test.each([
  ["GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
  ["POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
])("a %s is signed as AWS says", (method, signature) => {
  expect(authorize({ method, path: "/", headers, body: "" }, SCOPE, KEYS)).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  );
});

test("another body has another signature", () => {
  const [one, other] = ["{}", "{ }"].map((body) =>
    authorize({ method: "POST", path: "/", headers, body }, SCOPE, KEYS),
  );

  expect(one).not.toBe(other);
});
