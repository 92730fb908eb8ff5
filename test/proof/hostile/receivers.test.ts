import { isDeepStrictEqual } from "node:util";
import { constantFrom, dictionary, oneof, option, record, string } from "fast-check";
import { anyCharacter } from "../../support/characters.ts";
import { describe, expect, test } from "vitest";
import { ForgedError } from "../../../src/core/errors.ts";
import { UNREADABLE } from "../../../src/core/event.ts";
import type { PushedCall, PushedEvent, Receiver } from "../../../src/core/receiver.ts";
import { bytesOf, rawBytes } from "./arbitraries.ts";
import { expectedOf, isTextOf, textsIn } from "./expected.ts";
import { type Damage, damage, damaged, payloadOf } from "./payloads.ts";
import { holds, timed, TIMEOUT } from "./runs.ts";
import { STRANGE_BODIES, STRANGE_MEMBERS } from "./strange.ts";
import { NOW_SECONDS, PUSHING, type PushingVendor, SECRETS } from "./vendors.ts";

type Case =
  | { readonly object: string; readonly signer: "vendor" | "stranger" | "nobody"; readonly damage: Damage | null }
  | { readonly raw: PushedCall };

/** Inputs that earlier runs found, and inputs that every run must try. */
const EXAMPLES: Readonly<Record<PushingVendor["name"], readonly string[]>> = {
  "tencent-vod": [
    '{"eventType":"FileDeleted","data":{"fileInfo":[{"fileId":"1"},{}]}}',
    '{"eventType":"FileDeleted","data":{"fileInfo":[{"fileId":"1","why":"old"}]}}',
    '{"eventType":"ClipComplete","data":{"fileId":"1","FileId":"2"}}',
    '{"eventType":"ClipComplete","data":{"imageUrls":["1"],"urlList":["2"]}}',
    '{"eventType":"NewFileUpload","data":{}}',
  ],
  "alibaba-vod": ['{"a":1e400}', nested(101), nested(110)],
  zegocloud: ['{"a":-0}', '{"a":1e400,"b":18446744073709551615}', nested(103), nested(1_000)],
};

const HEADERS = ["x-vod-timestamp", "x-vod-signature", "content-type", "content-encoding", "__proto__"];
const headers = dictionary(constantFrom(...HEADERS), string({ unit: anyCharacter, maxLength: 40 }));

function casesOf({ samples }: PushingVendor) {
  const sealed = record({
    object: payloadOf(samples),
    signer: constantFrom("vendor" as const, "vendor" as const, "stranger" as const, "nobody" as const),
    damage: option(damage, { freq: 2 }),
  });
  const raw = record({ raw: record({ headers, body: rawBytes }) });
  return oneof<[typeof sealed, typeof raw]>(sealed, raw);
}

describe("any pushed body is refused as forged, or becomes an event that storage keeps unchanged:", () => {
  test.each(PUSHING)("from $name", TIMEOUT, async (vendor) => {
    const claim = (one: Case): void => {
      if (!("raw" in one)) return expectSealed(vendor, one);
      expectCalm(vendor.receiver, one.raw);
      if (vendor.open) expectKept(vendor, vendor.open, one.raw);
    };
    await holds(`${vendor.name} receiver`, casesOf(vendor), claim, EXAMPLES[vendor.name].map(genuine));
  });
});

describe.each(PUSHING)("extreme sizes and nestings, pushed by $name,", ({ receiver, open, seal }) => {
  test("are survived as a body", TIMEOUT, () => {
    const { headers: given } = seal("{}", NOW_SECONDS);
    for (const body of STRANGE_BODIES) {
      expectCalm(receiver, { headers: given, body });
      if (open) expectCalm(open, { headers: {}, body });
    }
  });

  test("are survived as a field of a body", TIMEOUT, () => {
    for (const member of STRANGE_MEMBERS) {
      const { headers: given, text } = seal(`{"a":1,${member}}`, NOW_SECONDS);
      expectCalm(receiver, { headers: given, body: bytesOf(text) });
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    }
  });
});

function genuine(object: string): Case {
  return { object, signer: "vendor", damage: null };
}

function nested(levels: number): string {
  return `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
}

function expectSealed(vendor: PushingVendor, one: Exclude<Case, { raw: unknown }>): void {
  const sealed = vendor.seal(one.object, NOW_SECONDS, one.signer === "stranger" ? "guessed" : undefined);
  const { headers: given, text } = one.signer === "nobody" ? { headers: {}, text: one.object } : sealed;
  const call = { headers: given, body: one.damage ? damaged(text, one.damage) : bytesOf(text) };
  const outcome = expectCalm(vendor.receiver, call);
  if (one.signer !== "vendor") expect(outcome).toBeInstanceOf(ForgedError);
  else if (!one.damage) expectKept(vendor, vendor.receiver, call);
  if (vendor.open) expectKept(vendor, vendor.open, call);
}

/** The call is forged, or it gives one event that storage keeps unchanged. The same call gives the same event again. */
function expectCalm(receiver: Receiver, call: PushedCall): ForgedError | PushedEvent {
  const outcome = outcomeOf(receiver, call);
  const said = outcome instanceof ForgedError ? outcome.message : JSON.stringify(outcome);
  for (const secret of SECRETS) expect(said).not.toContain(secret);
  if (outcome instanceof ForgedError) return outcome;
  expect(isDeepStrictEqual(outcomeOf(receiver, call), outcome), "the same call, the same event").toBe(true);
  const { source, type, fingerprint, body } = outcome;
  expect(source).toBe(receiver.vendor);
  expect(type).toMatch(/^\S.{0,120}$/s);
  expect(fingerprint).toMatch(/^[\w-]{22}$/);
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(body)), body), "storage keeps it").toBe(true);
  return outcome;
}

/** Used for genuine calls, and for receivers that check nothing. */
function expectKept({ name, seal }: PushingVendor, receiver: Receiver, call: PushedCall): void {
  const text = new TextDecoder().decode(call.body);
  const expected = expectedOf(name, text);
  const outcome = expectCalm(receiver, call);
  if (outcome instanceof ForgedError) {
    // If the proof is inside the body, an unreadable part may hide it.
    expect(expected).toBe("raw");
    expect(name).not.toBe("alibaba-vod");
    return;
  }
  const { body, type, fingerprint } = outcome;
  if (type === UNREADABLE) {
    expect(expected === "raw" || expected === "either", "it could have been read").toBe(true);
    expect(isTextOf(String(body["raw"]), text), "its text is kept").toBe(true);
    return;
  }
  expect(expected, "what could not be read is an event").not.toBe("raw");
  if (typeof expected === "object" && "body" in expected)
    expect(isDeepStrictEqual(body, expected.body), "its content is kept").toBe(true);
  if (typeof expected === "object" && "texts" in expected)
    expect(textsIn(body)).toEqual(expect.arrayContaining([...expected.texts]));
  const { headers: given, text: stored } = seal(JSON.stringify(body), NOW_SECONDS);
  const again = expectCalm(receiver, { headers: given, body: bytesOf(stored) });
  expect(again, "what was stored is the same event").toMatchObject({ type, fingerprint });
}

function outcomeOf(receiver: Receiver, call: PushedCall): PushedEvent | ForgedError {
  try {
    const [event, ...more] = timed(() => receiver.receive(call));
    expect(more).toEqual([]);
    return event ?? expect.fail("a genuine call without an event");
  } catch (err) {
    if (err instanceof ForgedError) return err;
    throw err;
  }
}
