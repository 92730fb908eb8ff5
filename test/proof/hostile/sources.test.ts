import { createServer } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { type Arbitrary, constantFrom, record } from "fast-check";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { VendorError } from "../../../src/core/errors.ts";
import { UNREADABLE } from "../../../src/core/event.ts";
import type { Delivery, Source } from "../../../src/core/source.ts";
import {
  readAttributes,
  readError,
  readExtended,
  readFailed,
  readMessages,
} from "../../../src/vendors/alibaba-vod/pull/answers.ts";
import { readBody } from "../../../src/vendors/alibaba-vod/pull/body.ts";
import { createMnsSource } from "../../../src/vendors/alibaba-vod/pull/source.ts";
import { readXml, XmlError } from "../../../src/vendors/alibaba-vod/pull/xml.ts";
import { createMediaConvertSource } from "../../../src/vendors/aws-mediaconvert/pull/source.ts";
import { createTencentVodSource } from "../../../src/vendors/tencent-vod/pull/source.ts";
import { KEYS as MNS_KEYS } from "../../vendors/alibaba-vod/pull/simulated.ts";
import { KEYS as AWS_KEYS } from "../../vendors/aws-mediaconvert/pull/simulated.ts";
import { listenForTest } from "../../vendors/tencent-vod/pull/scripted-api.ts";
import { KEYS as TENCENT_KEYS } from "../../vendors/tencent-vod/pull/simulated.ts";
import { type Answer, LONG_REFUSALS, mnsAnswers, sqsAnswers, tencentAnswers, xmlText } from "./answers.ts";
import { bytesOf } from "./arbitraries.ts";
import { payloadOf, withMembers } from "./payloads.ts";
import { holds, timed, TIMEOUT } from "./runs.ts";
import { TENCENT } from "./vendors.ts";

const log = pino({ level: "silent" });
const RECEIPTS = ["receipt-of-an-event-0", "receipt-of-an-event-1"];

type Asked = {
  readonly name: "tencent-vod source" | "alibaba-vod source" | "aws-mediaconvert source";
  readonly answers: Arbitrary<Answer>;
  readonly secrets: readonly string[];
  readonly create: (url: string) => Source;
};

const TENCENT_SOURCE: Asked = {
  name: "tencent-vod source",
  answers: tencentAnswers,
  secrets: Object.values(TENCENT_KEYS),
  create: (endpoint) => createTencentVodSource({ ...TENCENT_KEYS, endpoint, log }),
};
const SOURCES: readonly Asked[] = [
  TENCENT_SOURCE,
  {
    name: "alibaba-vod source",
    answers: mnsAnswers,
    secrets: Object.values(MNS_KEYS),
    create: (endpoint) => createMnsSource({ ...MNS_KEYS, endpoint, queue: "events", log }),
  },
  {
    name: "aws-mediaconvert source",
    answers: sqsAnswers,
    secrets: Object.values(AWS_KEYS),
    create: (url) => createMediaConvertSource({ ...AWS_KEYS, queueUrl: `${url}/000000000000/events` }),
  },
];

const NULL_FIELDS = '{"FileUploadEvent":null,"ClipCompleteEvent":null,"Other":null}';

const ACTIONS = ["pull", "pull", "pull", "confirm", "extend", "check", "backlog"] as const;
type Action = (typeof ACTIONS)[number];

/** A scripted vendor, and a source that calls it. */
async function scripted(create: Asked["create"]) {
  let answer: Answer = { status: 200, body: new Uint8Array(), date: "" };
  const server = createServer((request, reply) => {
    request.resume();
    reply.writeHead(answer.status, { date: answer.date, location: "/elsewhere" }).end(answer.body);
  });
  const source = create(await listenForTest(server));
  onTestFinished(() => source.close());
  return { source, say: (next: Answer) => void (answer = next) };
}

describe("any answer of a vendor can be read, or is a VendorError without secrets:", () => {
  test.each(SOURCES)("$name", TIMEOUT, async ({ name, answers, secrets, create }) => {
    const { source, say } = await scripted(create);

    const cases = record({ answer: answers, action: constantFrom(...ACTIONS) });
    const long = { status: 403, body: bytesOf(LONG_REFUSALS[name]), date: "" };
    const examples = ACTIONS.flatMap((action) => [200, 403].map((status) => ({ answer: { ...long, status }, action })));
    const claim = async (one: { readonly answer: Answer; readonly action: Action }) => {
      say(one.answer);
      const said = await outcomeOf(source, one.action);
      for (const secret of [...secrets, ...RECEIPTS]) expect(JSON.stringify(said)).not.toContain(secret);
      expect(Math.min(source.windowMs, source.retentionMs)).toBeGreaterThan(0);
      expect(Math.max(source.windowMs, source.retentionMs)).toBeLessThan(Infinity);
    };
    await holds(name, cases, claim, examples);
  });
});

test(
  "any event of Tencent VOD is the same pulled, with the fields of other types as nulls, and pushed",
  TIMEOUT,
  async () => {
    const { source, say } = await scripted(TENCENT_SOURCE.create);

    await holds("one event by two doors", payloadOf(TENCENT.samples), async (text) => {
      const pushed = TENCENT.open?.receive({ headers: {}, body: bytesOf(text) }) ?? [];
      // If the event has such a field itself, that one is the last and counts.
      const item = withMembers(NULL_FIELDS, [text.slice(1, -1), '"EventHandle":"receipt-1"']);
      say({ status: 200, body: bytesOf(`{"Response":{"EventSet":[${item}]}}`), date: "" });
      const { deliveries } = await source.pull(16).catch(() => ({ deliveries: [] }));

      // An unreadable event is pushed as text. When it is pulled, it stays at the vendor.
      if (pushed[0]?.type === UNREADABLE) return expect(deliveries).toEqual([]);
      // Events in the form of before 2019 are only pushed.
      if (deliveries[0] && Object.hasOwn(deliveries[0].body, "eventType")) return undefined;
      const [{ receipt: _, ...pulled } = { receipt: "" }] = deliveries;
      return expect(isDeepStrictEqual({ source: "tencent-vod", ...pulled }, pushed[0])).toBe(true);
    });
  },
);

/** The error texts for logs and pages after a failed call. */
async function outcomeOf(source: Source, action: Action): Promise<unknown> {
  try {
    if (action === "pull") for (const delivery of (await source.pull(16)).deliveries) expectStorable(delivery);
    else if (action === "confirm")
      expect(RECEIPTS).toEqual(expect.arrayContaining([...(await source.confirm(RECEIPTS)).refused]));
    else if (action === "extend") await source.extend?.(RECEIPTS[0] ?? "", 60_000);
    else if (action === "backlog") expect(await source.backlog?.()).not.toBeNaN();
    else return await source.check();
    return [];
  } catch (err) {
    if (!(err instanceof VendorError) || action === "check") throw err;
    expect(err.message.length).toBeLessThan(1_000);
    return [err.message, err.fix, err.stack];
  }
}

function expectStorable({ receipt, type, fingerprint, body }: Delivery): void {
  expect(receipt).not.toBe("");
  expect(type).toMatch(/^\S.{0,120}$/s);
  expect(fingerprint).toMatch(/^[\w-]{22}$/);
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(body)), body), "storage keeps it").toBe(true);
}

test("any text is read as XML or refused with an XmlError, in time that grows with its length", TIMEOUT, async () => {
  await holds("XML", xmlText, (text) => {
    timed(() => readBody(text));
    const root = rootOf(text);
    if (!root) return;
    for (const { body } of readMessages(root) ?? []) timed(() => readBody(body));
    const read = [readFailed(root, ["a"]), readExtended(root), readAttributes(root), readError(root)];
    expect(JSON.stringify(read)).toBeTypeOf("string");
  });
});

function rootOf(text: string) {
  try {
    return timed(() => readXml(text));
  } catch (err) {
    if (err instanceof XmlError) return undefined;
    throw err;
  }
}
