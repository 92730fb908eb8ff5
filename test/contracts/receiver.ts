/** The contract of every receiver, for any vendor. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { ForgedError } from "../../src/core/errors.ts";
import { UNREADABLE } from "../../src/core/event.ts";
import type { PushedCall, PushedEvent, Receiver } from "../../src/core/receiver.ts";

type ReceiverTrial = {
  readonly receiver: Receiver;
  readonly vendor: {
    /** A genuine call with this content. Each one is signed anew with its own time, as a vendor's retry is. */
    call(content: string): PushedCall;
    /** Like `call`, with one more member in the JSON body, given as text such as `"size":1`. */
    callWith(content: string, member: string): PushedCall;
    /** A genuine call with this body. If the vendor's signature does not cover the body, anyone may have written it. */
    callOf(body: Uint8Array): PushedCall;
    /** A genuine call that cannot be read as an event. It contains this text. */
    unreadable(text: string): PushedCall;
    /** Forged calls with this content. The name says what is wrong with each. */
    forged(content: string): Readonly<Record<string, PushedCall>>;
  };
  /** The source and type that the events of `call` must have. */
  readonly source: string;
  readonly type: string;
  /** Secrets that may never appear in a message or an event. */
  readonly secrets: readonly string[];
};

/** Makes a new receiver for each test. */
export type ReceiverSetup = () => ReceiverTrial;

export function receiverContract(name: string, setup: ReceiverSetup): void {
  describe(name, () => {
    describe("reading", () => readContract(setup));
    describe("signatures", () => trustContract(setup));
    describe("broken bodies", () => hostileContract(setup));
  });
}

function readContract(setup: ReceiverSetup): void {
  test("turns a genuine call into an event with its type, its source and the vendor's content", () => {
    const { receiver, vendor, source, type, secrets } = setup();

    const events = receiver.receive(vendor.call("the content"));

    expect(events).toEqual([
      { source, type, fingerprint: expect.stringMatching(/^[\w-]{22}$/), body: expect.anything() },
    ]);
    expect(JSON.stringify(events[0]?.body)).toContain("the content");
    for (const secret of secrets) expect(JSON.stringify(events)).not.toContain(secret);
  });

  test("gives the same content the same fingerprint, and other content another one", () => {
    const { receiver, vendor } = setup();

    const [first] = receiver.receive(vendor.call("a"));
    const [again] = receiver.receive(vendor.call("a"));
    const [other] = receiver.receive(vendor.call("b"));
    const [more] = receiver.receive(vendor.callWith("a", '"one_more":"field"'));

    expect(again?.fingerprint).toBe(first?.fingerprint);
    expect(new Set([first, other, more].map((event) => event?.fingerprint)).size).toBe(3);
  });

  test("keeps a field that it does not know", () => {
    const { receiver, vendor } = setup();

    const [event] = receiver.receive(vendor.callWith("a", '"not_yet_documented":["kept"]'));

    expect(JSON.stringify(event?.body)).toContain('"not_yet_documented":["kept"]');
  });

  test("keeps a genuine call that is no event as an unreadable event, with its text for the operator", () => {
    const { receiver, vendor, source } = setup();

    const [event, ...more] = receiver.receive(vendor.unreadable("half of it"));
    const [again] = receiver.receive(vendor.unreadable("half of it"));
    const [other] = receiver.receive(vendor.unreadable("another half"));

    expect(more).toEqual([]);
    expect(event).toMatchObject({ source, type: UNREADABLE, body: { raw: expect.stringContaining("half of it") } });
    expect(again?.fingerprint).toBe(event?.fingerprint);
    expect(other?.fingerprint).not.toBe(event?.fingerprint);
  });

  test("names its vendor and its own path, and says how long the vendor waits and repeats a call", () => {
    const { receiver, source } = setup();

    expect(receiver.source).toBe(source);
    expect(source.split("/")[0]).toBe(receiver.vendor);
    expect(`${receiver.path}/`.startsWith(`/callbacks/${receiver.vendor}/`)).toBe(true);
    expect(receiver.patienceMs).toBeGreaterThan(0);
    expect(receiver.memoryMs).toBeGreaterThan(receiver.patienceMs);
  });
}

function trustContract(setup: ReceiverSetup): void {
  test("refuses every forged call, and its error gives the reason without the secret", () => {
    const { receiver, vendor, secrets } = setup();
    const forged = Object.entries(vendor.forged("a"));
    expect(forged).not.toHaveLength(0);

    for (const [wrong, call] of forged) {
      const refusal = refusalOf(receiver, call);
      expect(refusal, wrong).toBeInstanceOf(ForgedError);
      expect(String(refusal), wrong).not.toBe("ForgedError");
      for (const secret of secrets) expect(String(refusal), wrong).not.toContain(secret);
    }
  });

  test("accepts a genuine call after a forged one as before", () => {
    const { receiver, vendor } = setup();
    const before = receiver.receive(vendor.call("a"));

    for (const call of Object.values(vendor.forged("a"))) refusalOf(receiver, call);

    expect(receiver.receive(vendor.call("a"))[0]?.fingerprint).toBe(before[0]?.fingerprint);
  });
}

/** Random and large bodies are tested in test/proof/hostile. */
function hostileContract(setup: ReceiverSetup): void {
  test("survives a body that is cut off at any byte", () => {
    const { receiver, vendor } = setup();
    const { body } = vendor.call("a");

    for (let length = 0; length < body.length; length += 1) {
      expectCalm(receiver, vendor.callOf(body.subarray(0, length)));
    }
  });
}

/** The call must be refused as forged, or give events that survive storage unchanged. */
function expectCalm(receiver: Receiver, call: PushedCall): void {
  const outcome = outcomeOf(receiver, call);
  if (outcome instanceof ForgedError) return;
  for (const { source, type, fingerprint, body } of outcome) {
    expect(source).toMatch(/^\S{1,200}$/);
    expect(type).toMatch(/^\S.{0,200}$/s);
    expect(fingerprint).toMatch(/^[\w-]{22}$/);
    // Vitest's own comparison fails on a field with the name `constructor`.
    expect(isDeepStrictEqual(JSON.parse(JSON.stringify(body)), body)).toBe(true);
  }
}

function refusalOf(receiver: Receiver, call: PushedCall): unknown {
  const outcome = outcomeOf(receiver, call);
  return outcome instanceof ForgedError ? outcome : `taken for genuine: ${JSON.stringify(outcome)}`;
}

function outcomeOf(receiver: Receiver, call: PushedCall): readonly PushedEvent[] | ForgedError {
  try {
    return receiver.receive(call);
  } catch (err) {
    if (err instanceof ForgedError) return err;
    throw err;
  }
}
