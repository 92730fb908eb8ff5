import { expect, test } from "vitest";
import { PermanentError } from "../../../../src/core/errors.ts";
import { readEvent } from "../../../../src/vendors/aws-mediaconvert/events/events.ts";
import { on } from "../../../../src/vendors/aws-mediaconvert/events/on.ts";
import { contextOf } from "../../../media/context.ts";
import { jobEvent } from "../pull/simulated.ts";

function contextFor(event: object) {
  const { type = "", body = {} } = readEvent(JSON.stringify(event)) ?? {};
  return contextOf("aws-mediaconvert", type, body);
}

test("a handler for MediaConvert gets the detail of its event", async () => {
  const handler = on("COMPLETE", async ({ jobId, outputGroupDetails }) => [jobId, outputGroupDetails?.[0]?.type]);
  const event = jobEvent("COMPLETE", { outputGroupDetails: [{ type: "HLS_GROUP" }] });

  expect(await handler.run(contextFor(event))).toEqual(["1763640000000-abc123", "HLS_GROUP"]);
});

test("a MediaConvert event without detail is parked at once", () => {
  const handler = on("ERROR", () => {});

  expect(() => handler.run(contextFor({ detail: "none" }))).toThrow(PermanentError);
});
