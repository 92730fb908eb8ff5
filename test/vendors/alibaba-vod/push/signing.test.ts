import { expect, test } from "vitest";
import { isSigned, signatureOf } from "../../../../src/vendors/alibaba-vod/push/signing.ts";
import { ALIBABA_CALLBACK } from "../../../support/published-signatures.ts";

const { callbackUrl, timestamp, authKey, signature } = ALIBABA_CALLBACK;

test("the published call has the published signature", () => {
  expect(signatureOf(callbackUrl, timestamp, authKey)).toBe(signature);
});

test("a signature is good for its own address, time and key only", () => {
  expect(isSigned({ signature, timestamp }, [callbackUrl], [authKey])).toBe(true);
  expect(isSigned({ signature: signature.toUpperCase(), timestamp }, [callbackUrl], [authKey])).toBe(true);
  expect(isSigned({ signature, timestamp }, [`${callbackUrl}/`], [authKey])).toBe(false);
  expect(isSigned({ signature, timestamp }, [callbackUrl], ["test124"])).toBe(false);
  expect(isSigned({ signature, timestamp: "1519375991" }, [callbackUrl], [authKey])).toBe(false);
  expect(isSigned({ signature: signature.slice(1), timestamp }, [callbackUrl], [authKey])).toBe(false);
  expect(isSigned({ signature: "", timestamp }, [callbackUrl], [authKey])).toBe(false);
});

test("every address goes with every key, and without either nothing is signed", () => {
  expect(isSigned({ signature, timestamp }, ["http://old", callbackUrl], ["new key", authKey])).toBe(true);
  expect(isSigned({ signature, timestamp }, [], [authKey])).toBe(false);
  expect(isSigned({ signature, timestamp }, [callbackUrl], [])).toBe(false);
});
