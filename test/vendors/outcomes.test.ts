import { anything, assert, constantFrom, dictionary, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/event.ts";
import { outcomeOf } from "../../src/media/outcomes.ts";
import { sample, types, type Vendor } from "../../src/testing/public.ts";
import { SAMPLES } from "../../src/simulators/samples.ts";
import { createSamples } from "../../src/simulators/tencent-vod/samples.ts";
import * as alibaba from "../../src/vendors/alibaba-vod/public.ts";
import * as aws from "../../src/vendors/aws-mediaconvert/public.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import * as tencent from "../../src/vendors/tencent-vod/public.ts";
import * as zego from "../../src/vendors/zegocloud/public.ts";
import { ALIBABA_VOD } from "./outcomes/alibaba-vod.ts";
import { AWS_MEDIACONVERT } from "./outcomes/aws-mediaconvert.ts";
import type { Case } from "./outcomes/cases.ts";
import { TENCENT_VOD } from "./outcomes/tencent-vod.ts";
import { ZEGOCLOUD } from "./outcomes/zegocloud.ts";

type Table = {
  readonly vendor: string;
  readonly cases: Readonly<Record<string, readonly Case[]>>;
  readonly own: typeof tencent.outcomeOf;
  /** As the vendor writes an event with these fields. */
  readonly write: (type: string, fields: JsonObject) => JsonObject;
};

const NAMES = Object.keys(SAMPLES).filter((name): name is Vendor => name in SAMPLES);
const { event } = createSamples(1);
const TABLES: readonly Table[] = [
  {
    vendor: "tencent-vod",
    cases: TENCENT_VOD,
    own: tencent.outcomeOf,
    // With the simulator's table of fields, so that a slip in the worker's shows.
    write: (type, fields) => JSON.parse(`{${event(type, fields, true)}}`),
  },
  {
    vendor: "alibaba-vod",
    cases: ALIBABA_VOD,
    own: alibaba.outcomeOf,
    write: (EventType, fields) => ({ EventType, ...fields }),
  },
  { vendor: "zegocloud", cases: ZEGOCLOUD, own: zego.outcomeOf, write: (name, fields) => ({ event: name, ...fields }) },
  {
    vendor: "aws-mediaconvert",
    cases: AWS_MEDIACONVERT,
    own: aws.outcomeOf,
    write: (_, fields) => ({ source: "aws.mediaconvert", ...fields }),
  },
];

test("the outcome tables contain every type of every vendor", () => {
  const told = TABLES.map(({ vendor, cases }) => [vendor, Object.keys(cases).toSorted()]);
  const known = VENDORS.map((vendor) => [vendor.name, vendor.types.toSorted()]);

  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
});

describe.each(TABLES)("the outcome of a $vendor event", ({ vendor, cases, own, write }) => {
  test.each(
    Object.entries(cases).flatMap(([type, list]) =>
      list.map(([what, fields, expected]) => [type, what, fields, expected] as const),
    ),
  )("%s %s", (type, _, fields, expected) => {
    const body = write(type, fields);

    expect(outcomeOf({ vendor, type, body })).toEqual(expected);
    expect(own({ vendor, type, body })).toEqual(expected);
  });

  test("is undefined for an unlisted type, and for another vendor's event", () => {
    for (const type of ["BrandNewComplete", "constructor", "__proto__", "*"])
      expect(outcomeOf({ vendor, type, body: write(type, { Status: "fail" }) })).toBeUndefined();
    const [type = ""] = Object.keys(cases);
    expect(own({ vendor: "another", type, body: write(type, { Status: "fail" }) })).toBeUndefined();
  });

  test("can be read and stored for any body", () => {
    const fields = Object.values(cases).flatMap((list) => list.flatMap(([, given]) => keysIn(given)));
    const key = constantFrom(...fields);
    assert(
      property(constantFrom(...Object.keys(cases)), dictionary(key, anything({ maxDepth: 5, key })), (type, given) => {
        const outcome = outcomeOf({ vendor, type, body: write(type, given) });
        if (!outcome) return;
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
        expect(outcome.fault === undefined).toBe(["succeeded", "in-progress"].includes(outcome.state));
      }),
      { numRuns: 500 },
    );
  });
});

test("every sample has an outcome", () => {
  const silent = NAMES.flatMap((vendor) =>
    types(vendor).filter((type) => outcomeOf(sample(vendor, type)) === undefined),
  );

  // The vendor's description of this one has neither task nor status.
  expect(silent).toEqual(["ProcessImageAsyncCompleteEvent"]);
});

/** Of all levels. */
function keysIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(keysIn)];
}
