import { expect, test } from "vitest";
import { mistakesIn, vendorIn } from "../../config/support.ts";

test("secrets open ZEGOCLOUD's door, and an unguessable path alone does not", () => {
  expect(vendorIn("zegocloud", { ZEGO_CALLBACK_SECRETS: "zego-1, zego-2" })?.push).toEqual({
    secrets: ["zego-1", "zego-2"],
  });
  expect(vendorIn("zegocloud", { CALLBACK_SUFFIX: "0123456789abcdef" })).toBeUndefined();
});

test("ZEGO_CALLBACK_SECRETS with white space are a mistake", () => {
  expect(mistakesIn({ ZEGO_CALLBACK_SECRETS: "one two" })).toEqual([
    expect.stringMatching(/^ZEGO_CALLBACK_SECRETS: has white space/),
  ]);
});
