import { expect, onTestFinished, test, vi } from "vitest";
import { ForgedError } from "../../../../src/core/errors.ts";
import { UNREADABLE } from "../../../../src/core/event.ts";
import type { PushedEvent } from "../../../../src/core/receiver.ts";
import { createZegoReceiver } from "../../../../src/vendors/zegocloud/push/receiver.ts";
import { bytes, callOf, jsonCall, NOW_MS, proofFields, SECRET } from "./calls.ts";

const RECORD = {
  stream_alias: "s1",
  replay_url: "https://replay.example.com/a.m3u8",
  begin_time: "1767225000",
  end_time: "1767225500",
  appid: "1",
  event: "record",
  extra_params: '{"FileID":"5285890784273533167","Duration":3.5}',
};

test("the ZEGOCLOUD receiver removes the signature and keeps the rest", () => {
  const proof = proofFields();

  const event = receive(jsonCall(RECORD, proof));

  expect(event?.body).toEqual({ ...RECORD, timestamp: proof.timestamp, nonce: proof.nonce });
});

test.each([
  ["percent-encoded JSON", (text: string) => encodeURIComponent(text)],
  ["a form with JSON in it", (text: string) => `data=${encodeURIComponent(text)}`],
  ["a form of fields", (text: string) => String(new URLSearchParams(JSON.parse(text)))],
])("a ZEGOCLOUD call as %s gives the same event as JSON", (_, encode) => {
  const body = encode(JSON.stringify({ ...RECORD, ...proofFields() }));

  const event = receive({ headers: { "content-type": "application/x-www-form-urlencoded" }, body: bytes(body) });

  expect(event?.type).toBe("record");
  expect(event?.fingerprint).toBe(receive(jsonCall(RECORD))?.fingerprint);
});

test("ZEGOCLOUD's common fields may start with a capital", () => {
  const { timestamp, nonce, signature } = proofFields();
  const fields = { Event: "transcode_start", Appid: "1", TaskId: "t", Status: "TranscodeStarted" };

  const event = receive(jsonCall(fields, { Timestamp: timestamp, Nonce: nonce, Signature: signature }));

  expect(event).toMatchObject({ type: "transcode_start", body: { ...fields, Timestamp: timestamp, Nonce: nonce } });
  expect(JSON.stringify(event)).not.toContain(signature);
});

test("ZEGOCLOUD's time and nonce may be numbers", () => {
  const { timestamp, nonce, signature } = proofFields();
  const body = `{"event":"room_close","appid":1,"timestamp":${timestamp},"nonce":${nonce},"signature":"${signature}"}`;

  expect(receive(callOf(body))).toMatchObject({ type: "room_close", body: { timestamp: Number(timestamp) } });
});

test("a ZEGOCLOUD room session id keeps all its digits, and two that differ in the last are two events", () => {
  const [first, second] = ["858012925204410401", "858012925204410402"].map((id) => {
    const fields = JSON.stringify({ event: "room_create", appid: 1, ...proofFields() });
    return receive(callOf(`{"room_session_id":${id},${fields.slice(1)}`));
  });

  expect(first?.body).toMatchObject({ room_session_id: "858012925204410401" });
  expect(second?.fingerprint).not.toBe(first?.fingerprint);
});

test("a ZEGOCLOUD recording in two formats is two events", () => {
  const hls = receive(jsonCall(RECORD));
  const mp4 = receive(jsonCall({ ...RECORD, replay_url: "https://replay.example.com/a.mp4" }));

  expect(mp4?.fingerprint).not.toBe(hls?.fingerprint);
});

test("two ZEGOCLOUD applications with the same content give two events of one source", () => {
  const one = receive(jsonCall(RECORD));
  const other = receive(jsonCall({ ...RECORD, appid: "2" }));

  expect(other?.fingerprint).not.toBe(one?.fingerprint);
  expect(other?.source).toBe(one?.source);
});

test("a ZEGOCLOUD text that was cut inside a character does not lose the event", () => {
  const text = JSON.stringify({ event: "room_login", appid: "1", user_nickname: "CUT", ...proofFields() });
  const [before = "", after = ""] = text.split("CUT");
  const body = Uint8Array.of(...bytes(before), 0xe5, 0x85, ...bytes(after));

  expect(receive(callOf(body))).toMatchObject({ type: "room_login", body: { user_nickname: "\ufffd" } });
});

test.each([
  ["JSON with a comma missing and one too many", (text: string) => text],
  ["the same, percent-encoded", (text: string) => encodeURIComponent(text)],
  ["the same in a form", (text: string) => `data=${encodeURIComponent(text)}`],
])("%s, with a valid signature, becomes an unreadable ZEGOCLOUD event without its signature", (_, encode) => {
  const [proof, again] = [proofFields(), proofFields()];

  const event = receive(callOf(encode(brokenSnapshot(proof))));
  const retry = receive(callOf(encode(brokenSnapshot(again))));

  expect(event?.type).toBe(UNREADABLE);
  expect(event?.body).toEqual({ raw: encode(brokenSnapshot(proof)).replace(proof.signature, "(signature)") });
  expect(retry?.fingerprint).toBe(event?.fingerprint);
});

test("an unreadable ZEGOCLOUD call with a wrong or missing signature is forged", () => {
  expect(() => receive(callOf(brokenSnapshot(proofFields("guessed"))))).toThrow(ForgedError);
  expect(() => receive(callOf(brokenSnapshot(proofFields()).replace('"nonce"', '"once"')))).toThrow(ForgedError);
  expect(() => receive(callOf(brokenSnapshot(proofFields(SECRET, NOW_MS / 1000 - 4000))))).toThrow(ForgedError);
});

test.each([
  ["JSON", (text: string) => text],
  ["percent-encoded JSON", (text: string) => encodeURIComponent(text)],
  ["a form with JSON in it", (text: string) => `data=${encodeURIComponent(text)}`],
  ["JSON cut off", (text: string) => text.slice(0, -1)],
])("a forged ZEGOCLOUD call is refused before its text is parsed: %s", (_, encode) => {
  const parse = vi.spyOn(JSON, "parse");
  onTestFinished(() => parse.mockRestore());
  const longestParsed = () => Math.max(...parse.mock.calls.map(([text]) => text.length));
  const sent = (proof: object) =>
    callOf(encode(JSON.stringify({ list: Array.from({ length: 500 }, () => ({})), ...proof })));

  expect(() => receive(sent(proofFields("guessed")))).toThrow(ForgedError);
  expect(longestParsed()).toBeLessThan(100);
  receive(sent(proofFields()));
  expect(longestParsed()).toBeGreaterThan(1_000);
});

test.each([
  ["the same key again", (key: string) => `"${key}":"other"`],
  [
    "the same key, written with an escape",
    (key: string) => `"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":"other"`,
  ],
  [
    "a key that is found first",
    (key: string) => `"${key}":"other"`,
    (text: string) => text.replaceAll(/"(timestamp|nonce|signature)"/g, (name) => name.toUpperCase()),
  ],
])("a genuine ZEGOCLOUD proof does not cover %s with another value", (_, second, rename = (text: string) => text) => {
  const text = rename(JSON.stringify(proofFields()));

  expect(receive(callOf(text))).toBeDefined();
  for (const key of ["timestamp", "nonce", "signature"]) {
    expect(() => receive(callOf(`${text.slice(0, -1)},${second(key)}}`))).toThrow(ForgedError);
  }
});

test("a ZEGOCLOUD proof below the top level, or inside a text, proves nothing", () => {
  const proof = proofFields();

  expect(() => receive(jsonCall({ event: "snapshot", detail: proof }, {}))).toThrow(ForgedError);
  expect(() => receive(jsonCall({ event: "snapshot", detail: proof }, proofFields("guessed")))).toThrow(ForgedError);
  expect(() => receive(jsonCall({ event: "snapshot", detail: JSON.stringify(proof) }, {}))).toThrow(ForgedError);
});

test("the ZEGOCLOUD receiver's time tolerance can be widened to accept any time", () => {
  const old = jsonCall(RECORD, proofFields(SECRET, 1_470_820_198));
  const patient = createZegoReceiver({ secrets: [SECRET], toleranceMs: Number.POSITIVE_INFINITY });

  expect(() => receive(old)).toThrow(ForgedError);
  expect(patient.receive(old)).toHaveLength(1);
});

test("the ZEGOCLOUD receiver uses this machine's clock by default", () => {
  const receiver = createZegoReceiver({ secrets: [SECRET] });

  expect(receiver.receive(jsonCall(RECORD, proofFields(SECRET, Math.floor(Date.now() / 1000))))).toHaveLength(1);
});

test.each([[[]], [[""]], [["good", ""]]])("ZEGO_CALLBACK_SECRETS of %j are a mistake", (...secrets) => {
  expect(() => createZegoReceiver({ secrets: secrets.flat() })).toThrow("a callback secret is missing or empty");
});

/** As in the vendor's documents: no comma behind the signature, and one behind the last field. */
function brokenSnapshot({ timestamp, nonce, signature }: ReturnType<typeof proofFields>): string {
  return `{
    "appid": "12345",
    "event": "snapshot",
    "timestamp": "${timestamp}",
    "nonce": "${nonce}",
    "signature": "${signature}"
    "task_id": "1253642700910365374",
    "snapshot_pic_list": "[{\\"url\\":\\"http://pictures.example.com/1.jpg\\",\\"offset\\":0}]",
}`;
}

function receive(call: Parameters<ReturnType<typeof createZegoReceiver>["receive"]>[0]): PushedEvent | undefined {
  const events = createZegoReceiver({ secrets: [SECRET], now: () => NOW_MS }).receive(call);
  expect(events).toHaveLength(1);
  return events[0];
}
