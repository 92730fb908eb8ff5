/**
 * ZEGOCLOUD's callbacks. The vendor takes any 2xx for success. Otherwise it tries again after 2, 4, 8, 16 and 32 s, and
 * then gives up. It does not document how long it waits for an answer, and whether a retry has a new proof.
 */
import { ForgedError } from "../../../core/errors.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { type JsonObject, UNREADABLE } from "../../../core/event.ts";
import type { PushedEvent, Receiver } from "../../../core/receiver.ts";
import { typeOf } from "../events/events.ts";
import { VENDOR } from "../events/name.ts";
import { proofAtTop, proofIn, proofOf, withoutProof } from "./find-proof.ts";
import { openBody, readJson } from "./read-body.ts";
import { doubtAbout, type Proof, type Trust } from "./signing.ts";

export type ZegoReceiverOptions = {
  /** The callback secrets of the console. Several while one is changed, or for several applications. */
  readonly secrets: readonly string[];
  /** How old, or how early, a call may be. It must exceed the 62 s in which the vendor tries again. Infinity allows any time. */
  readonly toleranceMs?: number | undefined;
  readonly now?: (() => number) | undefined;
};

const TOLERANCE_MS = 300_000;
/** The vendor's retries end after 62 s. The rest is for a vendor whose queue stood still. */
const MEMORY_MS = 600_000;
/** Undocumented. If the event is not stored by then, a refusal is better, because the vendor tries again. */
const PATIENCE_MS = 2_500;

/**
 * All applications are one source. Only the unsigned body names the application, so anyone who has seen one call could
 * otherwise invent any number of sources. The application is part of every body, and so of the fingerprint.
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
      // Not strict, because the vendor cuts names at 255 bytes, which may be inside a character.
      const raw = new TextDecoder().decode(bytes);
      const opened = openBody(raw);
      if ("fields" in opened) {
        assertGenuine(proofOf(opened.fields), trust);
        return [eventOf(opened.fields)];
      }
      const { text } = opened;
      assertLooksGenuine(text, trust);
      const body = readJson(text);
      // Checked again with the values of the event, because a key that occurs twice may have shown another value before.
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

/** Anyone may call, and exact parsing of JSON is slow. So a text without a valid proof is not parsed. */
function assertLooksGenuine(text: string, trust: Trust): void {
  const atTop = proofAtTop(text);
  if (atTop && doubtAbout(atTop, trust) === undefined) return;
  assertGenuine(proofIn(text) ?? atTop, trust);
}

function eventOf(sent: JsonObject): PushedEvent {
  // The signature is removed, because anyone who can read jobs could send calls with it.
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
