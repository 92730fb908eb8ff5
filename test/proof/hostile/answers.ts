/** Answers to our calls: genuine ones, and ones changed by proxies, outages and strangers. */
import { type Arbitrary, array, constantFrom, letrec, oneof, option, record, string, tuple } from "fast-check";
import { anyCharacter } from "../../support/characters.ts";
import { bytesOf, jsonText, rawBytes } from "./arbitraries.ts";
import { damage, damaged, payloadOf } from "./payloads.ts";
import { ALIBABA, JOBS, TENCENT } from "./vendors.ts";

export type Answer = { readonly status: number; readonly body: Uint8Array; readonly date: string };

const STATUSES = [200, 200, 200, 200, 204, 302, 400, 403, 404, 413, 429, 500, 502, 503];
const date = constantFrom(new Date().toUTCString(), "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "");

function answersOf(text: Arbitrary<string>): Arbitrary<Answer> {
  const known = tuple(text, option(damage, { freq: 3 })).map(([whole, harm]) =>
    harm ? damaged(whole, harm) : bytesOf(whole),
  );
  const body = oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: rawBytes });
  return record({ status: constantFrom(...STATUSES), body, date });
}

const RECEIPTS = ["1-ODU4OTkzNDU5My0xNDM1MTk3NjAw", "1234567890123456789", "a:b", "wait", " "];
const LONG = "x".repeat(1_000_000);
const CODES = ["ResourceNotFound", "InternalError", "AuthFailure.SignatureExpire", "RequestLimitExceeded", "4000"];

const tencentObjects = [
  ...TENCENT.samples.map((sample, index) => ({
    EventSet: [
      { ...sample, EventHandle: `handle-${index}` },
      { EventHandle: "", EventType: "A" },
    ],
  })),
  ...CODES.map((Code) => ({ Error: { Code, Message: "no" } })),
  { CountOfEventsToPull: 7 },
  { Mode: "PULL", UploadMediaCompleteEventSwitch: "ON", NotificationUrl: null },
].map((members) => ({ Response: { ...members, RequestId: "request-1" } }));

export const tencentAnswers = answersOf(payloadOf(tencentObjects));

const sqsObjects = [
  ...JOBS.map((job) => ({ Messages: RECEIPTS.map((ReceiptHandle) => ({ Body: JSON.stringify(job), ReceiptHandle })) })),
  { Successful: [{ Id: "0" }, { Id: "1" }], Failed: [{ Id: "2", Code: "ReceiptHandleIsInvalid" }] },
  { Attributes: { MessageRetentionPeriod: "345600", ApproximateNumberOfMessages: "3", RedrivePolicy: "{}" } },
  { __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "no" },
  { __type: "InvalidSignatureException", Message: "Signature expired" },
];

export const sqsAnswers = answersOf(payloadOf(sqsObjects));

const NAMES = [
  "Messages",
  "Message",
  "MessageId",
  "ReceiptHandle",
  "MessageBody",
  "DequeueCount",
  "FirstDequeueTime",
  "NextVisibleTime",
  "Errors",
  "Error",
  "Code",
  "ErrorCode",
  "RequestId",
  "ChangeVisibility",
  "Queue",
  "VisibilityTimeout",
  "MessageRetentionPeriod",
  "ActiveMessages",
  "constructor",
  "__proto__",
  "a:b",
];
const TEXTS = [
  "1",
  "1e400",
  "-1",
  "9".repeat(30),
  "&lt;&#x10FFFF;&#0;",
  "<![CDATA[<a>&]]>",
  "<!-- - -->",
  "MessageNotExist",
];
const BROKEN = [
  "<",
  "&",
  "</a>",
  "<a",
  "<a b>",
  "&#x110000;",
  "&x;",
  "<![CDATA[",
  "<!--",
  "<!DOCTYPE a>",
  "<?xml",
  "\u0000",
  "]]>",
];

/** The messages of a queue, packed or not. */
const messageBody = oneof(
  payloadOf(ALIBABA.samples),
  payloadOf(ALIBABA.samples).map((text) => Buffer.from(text).toString("base64")),
  string({ unit: anyCharacter, maxLength: 40 }),
  jsonText,
);

const { element } = letrec<Record<"element" | "content", string>>((tie) => ({
  element: tuple(constantFrom(...NAMES), constantFrom("", ' xmlns="x"', " a = 'b' "), tie("content")).map(
    ([name, attributes, content]) => `<${name}${attributes}>${content}</${name}>`,
  ),
  content: oneof(
    { maxDepth: 4, depthSize: "small" },
    constantFrom(...TEXTS),
    messageBody.map(escaped),
    constantFrom(...BROKEN),
    array(tie("element"), { maxLength: 4 }).map((inner) => inner.join("")),
  ),
}));

const messages = array(messageBody, { maxLength: 4 }).map(
  (bodies) => `<Messages>${bodies.map((body, index) => messageOf(body, RECEIPTS[index] ?? "")).join("\n")}</Messages>`,
);

const flood = tuple(
  constantFrom(...BROKEN, ...NAMES.map((name) => `<${name}>`), 'b="c" ', "&amp;", " "),
  constantFrom(1_000, 50_000),
).map(([text, times]) => `<a ${text.repeat(times)}`);

export const xmlText: Arbitrary<string> = oneof(
  { weight: 10, arbitrary: element },
  { weight: 10, arbitrary: messages },
  { weight: 5, arbitrary: tuple(element, element).map((pair) => pair.join("")) },
  { weight: 1, arbitrary: flood },
);

export const mnsAnswers = answersOf(xmlText);

/** A very long refusal for each vendor. The search for secrets in it must stay fast. */
export const LONG_REFUSALS = {
  "tencent-vod source": JSON.stringify({ Response: { Error: { Code: LONG, Message: LONG }, RequestId: LONG } }),
  "alibaba-vod source": `<Error><Code>${LONG}</Code><Message>${LONG}</Message><RequestId>${LONG}</RequestId></Error>`,
  "aws-mediaconvert source": JSON.stringify({ __type: LONG, message: LONG }),
};

function messageOf(body: string, receipt: string): string {
  const times =
    "<DequeueCount>1</DequeueCount><FirstDequeueTime>1</FirstDequeueTime><NextVisibleTime>3</NextVisibleTime>";
  return `<Message><ReceiptHandle>${receipt}</ReceiptHandle><MessageBody>${escaped(body)}</MessageBody>${times}</Message>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<]/g, (character) => `&#${character.charCodeAt(0)};`);
}
