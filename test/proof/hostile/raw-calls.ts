/** Calls to the callback doors as bytes: correct ones, ones with bad framing, and ones with contradicting headers. */
import { type Arbitrary, array, constant, constantFrom, nat, oneof, record, string, tuple } from "fast-check";
import type { PushedCall } from "../../../src/core/receiver.ts";
import { bytesOf, rawBytes } from "./arbitraries.ts";
import { SUFFIX } from "./open-doors.ts";
import { damage, damaged, type Damage, payloadOf } from "./payloads.ts";
import { ALIBABA, PUSHING, type PushingVendor } from "./vendors.ts";

export type Call = {
  readonly vendor: PushingVendor;
  readonly object: string;
  /** Sent in place of the object. The signature then covers only the object's headers. */
  readonly raw: Uint8Array | null;
  readonly signer: "vendor" | "stranger";
  readonly damage: Damage | null;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly extra: readonly string[];
  readonly framing: string;
};
export type Conversation = {
  readonly calls: readonly Call[];
  /** The number of pieces in which the bytes arrive. */
  readonly pieces: number;
  /** The client hangs up after this share of the bytes. */
  readonly cutAt: number | null;
};

type Frame = { readonly head: readonly string[]; readonly body: Uint8Array };
/** The first four are correct. Those in `ENDLESS` announce more bytes than they send. */
const FRAMINGS: Readonly<Record<string, (body: Uint8Array) => Frame>> = {
  length: (body) => ({ head: [`Content-Length: ${body.length}`], body }),
  chunks: (body) => ({ head: ["Transfer-Encoding: chunked"], body: chunked(body) }),
  "chunks of a byte": (body) => ({ head: ["Transfer-Encoding: chunked"], body: chunked(body, 1) }),
  expect: (body) => ({ head: [`Content-Length: ${body.length}`, "Expect: 100-continue"], body }),
  "another expectation": (body) => ({ head: [`Content-Length: ${body.length}`, "Expect: a-miracle"], body }),
  none: (body) => ({ head: [], body }),
  "a length too short": (body) => ({ head: [`Content-Length: ${Math.floor(body.length / 2)}`], body }),
  "a length too long": (body) => ({ head: [`Content-Length: ${body.length + 5_000}`], body }),
  "a length of which little comes": (body) => ({ head: ["Content-Length: 1048576"], body }),
  "a length beyond all": (body) => ({ head: ["Content-Length: 99999999999999999999"], body }),
  "a huge length": (body) => ({ head: ["Content-Length: 9007199254740991"], body }),
  "a length below zero": (body) => ({ head: ["Content-Length: -1"], body }),
  "a length in words": (body) => ({ head: ["Content-Length: ten"], body }),
  "two lengths": (body) => ({ head: [`Content-Length: ${body.length}`, "Content-Length: 7"], body }),
  "one length twice": (body) => ({ head: [0, 1].map(() => `Content-Length: ${body.length}`), body }),
  "length and chunks": (body) => ({
    head: [`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"],
    body: chunked(body),
  }),
  "another coding": (body) => ({ head: ["Transfer-Encoding: gzip, chunked"], body: chunked(body) }),
  "chunks last but one": (body) => ({ head: ["Transfer-Encoding: chunked, gzip"], body: chunked(body) }),
  "a chunk of no size": (body) => ({ head: ["Transfer-Encoding: chunked"], body: bytesOf(`xyz\r\n${body.length}`) }),
  "a chunk of huge size": () => ({ head: ["Transfer-Encoding: chunked"], body: bytesOf(`${"f".repeat(30)}\r\n`) }),
  "chunks without end": (body) => ({ head: ["Transfer-Encoding: chunked"], body: chunked(body).subarray(0, -5) }),
};
const ENDLESS: ReadonlySet<string> = new Set([
  "a length too long",
  "a length of which little comes",
  "a huge length",
  "chunks without end",
  "another expectation",
]);

const TARGETS: Readonly<Record<string, (path: string) => string>> = {
  right: (path) => `${path}/${SUFFIX}`,
  "without the suffix": (path) => path,
  "with another suffix": (path) => `${path}/${SUFFIX}x`,
  absolute: (path) => `http://elsewhere.example:1/${path}/${SUFFIX}`,
  "with a query": (path) => `${path}/${SUFFIX}?a=%&b=${"c".repeat(2_000)}`,
  encoded: (path) => `${path}/%61${SUFFIX.slice(1)}`,
  "badly encoded": (path) => `${path}/%E0%A4%A`,
  overlong: (path) => `${path}/${"a".repeat(20_000)}`,
  climbing: (path) => `/callbacks/../..${path}/${SUFFIX}`,
  "with two slashes": (path) => `/${path}//${SUFFIX}`,
  star: () => "*",
  "without a slash": (path) => path.slice(1),
  "of a prototype": () => `/callbacks/__proto__/${SUFFIX}`,
  "with a NUL": (path) => `${path}/${SUFFIX}%00`,
  "with raw bytes": (path) => `${path}/${SUFFIX}\u00ff`,
};

const HEADERS = [
  "Host: elsewhere.example",
  "Host:",
  "Host: a b",
  "Content-Encoding: gzip",
  "Content-Type: text/plain",
  "Upgrade: websocket",
  "X-Vod-Signature: 0",
  "X-VOD-TIMESTAMP: 1",
  "__proto__: 1",
  "constructor: 1",
  "Connection: close",
  "Connection: upgrade",
  `X-Long: ${"x".repeat(9_000)}`,
  "X-Folded: a\r\n b",
  "No colon",
  "Name : 1",
  ": 1",
  "X-NUL: \u0000",
  "X-Latin: \u00e9\u00ff",
];
const extra = oneof(
  { weight: 8, arbitrary: constantFrom(...HEADERS) },
  { weight: 1, arbitrary: nat(3_000).map((count) => "X: y\r\n".repeat(count).trimEnd()) },
  { weight: 1, arbitrary: string({ unit: "binary-ascii", maxLength: 40 }) },
);

/** Mostly the usual value, and sometimes any other. */
function often(usual: string, all: readonly string[]): Arbitrary<string> {
  return oneof({ weight: 5, arbitrary: constant(usual) }, { weight: 1, arbitrary: constantFrom(...all) });
}

function seldom<T>(arbitrary: Arbitrary<T>): Arbitrary<T | null> {
  return tuple(nat(4), arbitrary).map(([die, one]) => (die === 4 ? one : null));
}

const methods = ["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "CONNECT", "BREW", "post", ""];

const call: Arbitrary<Call> = oneof(
  ...PUSHING.map((vendor) =>
    record({
      vendor: constant(vendor),
      object: payloadOf(vendor.samples),
      raw: seldom(rawBytes),
      signer: constantFrom("vendor" as const, "vendor" as const, "stranger" as const),
      damage: seldom(damage),
      method: often("POST", methods),
      target: often("right", Object.keys(TARGETS)),
      version: often("HTTP/1.1", ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1x", ""]),
      extra: oneof({ weight: 2, arbitrary: constant([]) }, { weight: 1, arbitrary: array(extra, { maxLength: 2 }) }),
      framing: often("length", Object.keys(FRAMINGS)),
    }),
  ),
);

export const conversation: Arbitrary<Conversation> = record({
  calls: oneof(
    { weight: 2, arbitrary: call.map((one) => [one]) },
    { weight: 1, arbitrary: array(call, { maxLength: 3 }) },
  ),
  pieces: oneof({ weight: 3, arbitrary: constant(1) }, { weight: 1, arbitrary: nat(40) }),
  cutAt: seldom(nat(999).map((thousandths) => thousandths / 1_000)),
});

/** The call as a receiver gets it, and the bytes on the wire. */
export function written(one: Call, seconds: number): { readonly pushed: PushedCall; readonly wire: Uint8Array } {
  const { headers, text } = one.vendor.seal(one.object, seconds, one.signer === "stranger" ? "guessed" : undefined);
  const body = one.raw ?? (one.damage ? damaged(text, one.damage) : bytesOf(text));
  const framed = FRAMINGS[one.framing]?.(body) ?? { head: [], body };
  const target = TARGETS[one.target]?.(`/callbacks/${one.vendor.name}`) ?? "/";
  const head = [
    `${one.method} ${target} ${one.version}`,
    "Host: worker.example",
    ...Object.entries(headers).map((header) => header.join(": ")),
    ...one.extra,
    ...framed.head,
  ];
  const lines = Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1");
  return { pushed: { headers, body }, wire: Buffer.concat([lines, framed.body]) };
}

/** A correct call to Alibaba's door, as a base for changes. */
export const CLEAN: Call = {
  vendor: ALIBABA,
  object: "{}",
  raw: null,
  signer: "vendor",
  damage: null,
  method: "POST",
  target: "right",
  version: "HTTP/1.1",
  extra: [],
  framing: "length",
};

/** True for a well-formed call. Its answer is certain. */
export function isClean({ method, target, version, extra: more, framing }: Call): boolean {
  const isFramed = ["length", "chunks", "chunks of a byte", "expect"].includes(framing);
  return method === "POST" && target === "right" && version === "HTTP/1.1" && more.length === 0 && isFramed;
}

/** Whether the server keeps waiting for more bytes. */
export function isEndless({ framing, version, method, extra: more }: Call): boolean {
  // Node reads no further call after an upgrade without an answer.
  const isUpgrade = more.some((line) => /upgrade/i.test(line));
  return ENDLESS.has(framing) || version === "" || method === "CONNECT" || isUpgrade;
}

/** Builds one text. A buffer for each of a million pieces would make the test slower than the server. */
function chunked(body: Uint8Array, bytes = Math.ceil(body.length / 2)): Buffer {
  const text = Buffer.from(body).toString("latin1");
  let wire = "";
  for (let at = 0; at < text.length; at += bytes) {
    const piece = text.slice(at, at + bytes);
    wire += `${piece.length.toString(16)}\r\n${piece}\r\n`;
  }
  return Buffer.from(`${wire}0\r\n\r\n`, "latin1");
}
