import { expect, test } from "vitest";
import { isPushSignature, pushSignatureOf } from "../../../../src/vendors/tencent-vod/push/signing.ts";
import { TENCENT_CALLBACK } from "../../../support/published-signatures.ts";

const { signature } = TENCENT_CALLBACK;

test("the signature of Tencent's callback is the MD5 of key and time", () => {
  expect(pushSignatureOf("sign-key", "1700000600")).toBe(signature);
});

test("a signature of Tencent's callback is valid only for its own time and key", () => {
  expect(isPushSignature(signature, "1700000600", ["sign-key"])).toBe(true);
  expect(isPushSignature(signature.toUpperCase(), "1700000600", ["sign-key"])).toBe(true);
  expect(isPushSignature(signature, "1700000600", ["new key", "sign-key"])).toBe(true);
  expect(isPushSignature(signature, "1700000601", ["sign-key"])).toBe(false);
  expect(isPushSignature(signature, "1700000600", ["sign-keY"])).toBe(false);
  expect(isPushSignature(signature.slice(1), "1700000600", ["sign-key"])).toBe(false);
  expect(isPushSignature("", "1700000600", ["sign-key"])).toBe(false);
  expect(isPushSignature(signature, "1700000600", [])).toBe(false);
});
