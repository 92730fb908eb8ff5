/**
 * ZEGOCLOUD's callbacks. Any 2xx is success to it; else it tries again after 2, 4, 8, 16 and 32 s and then gives up for
 * good. How long it waits for an answer is not documented, and neither is whether a retry has a proof of its own.
 */
import { ForgedError } from "../../../core/errors.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { type JsonObject, UNREADABLE } from "../../../core/event.ts";
import type { PushedEvent, Receiver } from "../../../core/receiver.ts";
import { typeOf, VENDOR } from "../events/events.ts";
import { proofAtTop, proofIn, proofOf, withoutProof } from "./find-proof.ts";
import { openBody, readJson } from "./read-body.ts";
import { doubtAbout, type Proof, type Trust } from "./signing.ts";

export type ZegoReceiverOptions = {
  /** The callback secrets of the console; several while one is changed, or for several applications. */
  readonly secrets: readonly string[];
  /** How old (or early) a call may be; must exceed the 62 s in which the vendor tries again. Infinity: any. */
  readonly toleranceMs?: number | undefined;
  readonly now?: (() => number) | undefined;
};

const TOLERANCE_MS = 300_000;
/** Its retries end after 62 s; beyond that for a vendor's queue that stood still. */
const MEMORY_MS = 600_000;
/** Not documented. An answer that is not ready by then is better a refusal: the vendor tries again. */
const PATIENCE_MS = 2_500;

/**
 * One source for all applications: which one a call is about stands in its body, which is not signed, and whoever has
 * seen one call could else make up sources without end. The application is part of every body, and so of the
 * fingerprint.
 */
const SOURCE = VENDOR;

export function createZegoReceiver({ secrets, toleranceMs, now }: ZegoReceiverOptions): Receiver {
  if (secrets.length === 0 || secrets.includes("")) throw new RangeError("a callback secret is missing or empty");
  const trust: Trust = { secrets, toleranceMs: toleranceMs ?? TOLERANCE_MS, now: now ?? Date.now };

  return {
    vendor: VENDOR,
    source: SOURCE,
    path: `/callbacks/${VENDOR}`,
    memoryMs: MEMORY_MS,
    patienceMs: PATIENCE_MS,

    receive({ body: bytes }) {
      // Not strict: the vendor cuts names at 255 bytes, which may be in the middle of a character.
      const raw = new TextDecoder().decode(bytes);
      const opened = openBody(raw);
      if ("fields" in opened) {
        assertGenuine(proofOf(opened.fields), trust);
        return [eventOf(opened.fields)];
      }
      const { text } = opened;
      assertLooksGenuine(text, trust);
      const body = readJson(text);
      // Once more, by what the event will hold: a key that stands there twice may have shown another value before.
      const proof = assertGenuine(body ? proofOf(body) : proofIn(text), trust);
      return [body ? eventOf(body) : unreadable(raw, text, proof)];
    },
  };
}

/** The reason goes to the log only. A caller who knew it could try until a call passes. */
function assertGenuine(proof: Proof | undefined, trust: Trust): Proof {
  if (!proof) throw new ForgedError("it carries no timestamp, nonce and signature");
  const doubt = doubtAbout(proof, trust);
  if (doubt !== undefined) throw new ForgedError(doubt);
  return proof;
}

/** Anyone may call, and reading JSON exactly is slow: nobody gets so far without a proof somewhere in the text. */
function assertLooksGenuine(text: string, trust: Trust): void {
  const atTop = proofAtTop(text);
  if (atTop && doubtAbout(atTop, trust) === undefined) return;
  assertGenuine(proofIn(text) ?? atTop, trust);
}

function eventOf(sent: JsonObject): PushedEvent {
  // The signature is removed: whoever reads jobs could send calls with it.
  const body = without(sent, ["signature"]);
  const content = without(body, ["timestamp", "nonce"]);
  return { source: SOURCE, type: typeOf(body), body, fingerprint: fingerprint(SOURCE, content) };
}

function unreadable(raw: string, text: string, { signature }: Proof): PushedEvent {
  const body = { raw: raw.replaceAll(signature, "(signature)") };
  return { source: SOURCE, type: UNREADABLE, body, fingerprint: fingerprint(SOURCE, { raw: withoutProof(text) }) };
}

function without(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !names.includes(key.toLowerCase())));
}
