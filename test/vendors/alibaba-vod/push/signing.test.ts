import { expect, test } from "vitest";
import { isSigned, signatureOf } from "../../../../src/vendors/alibaba-vod/push/signing.ts";
import { ALIBABA_CALLBACK } from "../../../support/published-signatures.ts";

const { callbackUrl, timestamp, authKey, signature } = ALIBABA_CALLBACK;

test("the published callback of Alibaba Cloud VOD has the published signature", () => {
  expect(signatureOf(callbackUrl, timestamp, authKey)).toBe(signature);
});

test("a signature of Alibaba Cloud VOD is valid only for its own URL, time and key", () => {
  expect(isSigned({ signature, timestamp }, [callbackUrl], [authKey])).toBe(true);
  expect(isSigned({ signature: signature.toUpperCase(), timestamp }, [callbackUrl], [authKey])).toBe(true);
  expect(isSigned({ signature, timestamp }, [`${callbackUrl}/`], [authKey])).toBe(false);
  expect(isSigned({ signature, timestamp }, [callbackUrl], ["test124"])).toBe(false);
  expect(isSigned({ signature, timestamp: "1519375991" }, [callbackUrl], [authKey])).toBe(false);
  expect(isSigned({ signature: signature.slice(1), timestamp }, [callbackUrl], [authKey])).toBe(false);
  expect(isSigned({ signature: "", timestamp }, [callbackUrl], [authKey])).toBe(false);
});

test("every callback URL is accepted with every key, and without either nothing is signed", () => {
  expect(isSigned({ signature, timestamp }, ["http://old", callbackUrl], ["new key", authKey])).toBe(true);
  expect(isSigned({ signature, timestamp }, [], [authKey])).toBe(false);
  expect(isSigned({ signature, timestamp }, [callbackUrl], [])).toBe(false);
});
