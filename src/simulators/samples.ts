/** Each vendor's events, as the worker keeps them. A new vendor adds its line here. */
import { randomInt } from "node:crypto";
import type { Door, JsonObject } from "../core/event.ts";
import { EVENT_TYPES as ALIBABA_TYPES, sampleOf as sampleOfAlibaba } from "./alibaba-vod/samples.ts";
import { sampleOf as sampleOfAws, STATUSES } from "./aws-sqs/samples.ts";
import { createSamples as createTencent, EVENT_TYPES as TENCENT_TYPES } from "./tencent-vod/samples.ts";
import { createSamples as createZego, EVENT_KINDS } from "./zegocloud/samples.ts";

export type Samples = {
  readonly types: readonly string[];
  /** Where such events come from most often. */
  readonly door: Door;
  /** No two with the same ids. */
  readonly make: (type: string) => JsonObject;
};

const seed = randomInt(2 ** 31);
// Events that fail at random would make tests fail at random.
const tencent = createTencent(seed, { mayFail: false });
const zego = createZego(seed, "1234567890");

export const SAMPLES = {
  "tencent-vod": {
    types: TENCENT_TYPES,
    door: "pull",
    make: (type) => tencent.object(type, false),
  },
  "alibaba-vod": { types: ALIBABA_TYPES, door: "push", make: sampleOfAlibaba },
  zegocloud: { types: EVENT_KINDS, door: "push", make: (type) => parse(withDigits(zego.fields(type))) },
  "aws-mediaconvert": { types: STATUSES, door: "pull", make: sampleOfAws },
} as const satisfies Readonly<Record<string, Samples>>;

/** 64-bit numbers become texts of their digits, as the worker keeps them. */
function withDigits(fields: object): string {
  return JSON.stringify(fields, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

function parse(text: string): JsonObject {
  return JSON.parse(text);
}
