import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ForgedError } from "../../../../src/core/errors.ts";
import { UNREADABLE } from "../../../../src/core/event.ts";
import type { PushedCall } from "../../../../src/core/receiver.ts";
import { NO_TYPE } from "../../../../src/vendors/tencent-vod/events/events.ts";
import { pushSignatureOf } from "../../../../src/vendors/tencent-vod/push/signing.ts";
import {
  createTencentVodReceiver,
  type TencentVodReceiverOptions,
} from "../../../../src/vendors/tencent-vod/push/receiver.ts";
import { receiverContract } from "../../../contracts/receiver.ts";
import { simulated } from "../pull/simulated.ts";

const KEY = "sign-key-of-the-application";
const NOW = Date.parse("2026-11-20T10:00:00Z");
const IN_TEN_MINUTES = String(NOW / 1000 + 600);

receiverContract("the receiver of Tencent VOD's normal callback", () => {
  let expires = NOW / 1000 + 600;
  const sign = (members: string): PushedCall => {
    expires += 1;
    return toCall(`{${members},${signatureFor(KEY, String(expires))}}`);
  };
  return {
    receiver: createTencentVodReceiver({ signKeys: [KEY], now: () => NOW }),
    source: "tencent-vod",
    type: "NewFileUpload",
    secrets: [KEY],
    vendor: {
      call: (content) => sign(upload(content)),
      callWith: (content, member) => sign(`${upload(content)},${member}`),
      callOf: (body) => ({ headers: {}, body }),
      unreadable: (text) => sign(`"Text":${JSON.stringify(text)},"Deep":${"[".repeat(50_000)}${"]".repeat(50_000)}`),
      forged: (content) => ({
        "no signature": toCall(`{${upload(content)}}`),
        "no T": toCall(`{${upload(content)},"Sign":"${pushSignatureOf(KEY, "")}"}`),
        "no Sign": toCall(`{${upload(content)},"T":"${IN_TEN_MINUTES}"}`),
        "an empty Sign": toCall(`{${upload(content)},"T":"${IN_TEN_MINUTES}","Sign":""}`),
        "another key": toCall(`{${upload(content)},${signatureFor("guessed", IN_TEN_MINUTES)}}`),
        "a signature that has ended": toCall(`{${upload(content)},${signatureFor(KEY, String(NOW / 1000 - 1))}}`),
        "a T that is no time": toCall(`{${upload(content)},${signatureFor(KEY, `${IN_TEN_MINUTES}abc`)}}`),
        "a signature of its event's content": toCall(
          `{"NewFileUpload":{${signatureFor(KEY, IN_TEN_MINUTES)}},${upload(content)}}`,
        ),
        "no JSON": toCall(`Sign=${pushSignatureOf(KEY, IN_TEN_MINUTES)}&T=${IN_TEN_MINUTES}`),
        "a list": toCall(`[{${upload(content)},${signatureFor(KEY, IN_TEN_MINUTES)}}]`),
      }),
    },
  };
});

describe("the signature of Tencent's callback", () => {
  test("is accepted with the old and the new key, and with T as a number", () => {
    const signKeys = [KEY, "new-key"];

    for (const key of signKeys) {
      expect(receive(toCall(`{"EventType":"A",${signatureFor(key, IN_TEN_MINUTES)}}`), { signKeys })).toHaveLength(1);
    }
    const sign = pushSignatureOf(KEY, IN_TEN_MINUTES);
    expect(receive(toCall(`{"EventType":"A","T":${IN_TEN_MINUTES},"Sign":"${sign}"}`), { signKeys })).toHaveLength(1);
  });

  test("is valid until the second of its end", () => {
    const call = toCall(`{"EventType":"A",${signatureFor(KEY, String(NOW / 1000))}}`);

    expect(receive(call, { signKeys: [KEY] })).toHaveLength(1);
    expect(() => receive(call, { signKeys: [KEY], now: () => NOW + 1 })).toThrow(ForgedError);
  });

  test("is checked before the call is parsed", () => {
    const parse = vi.spyOn(JSON, "parse");
    onTestFinished(() => parse.mockRestore());
    const longestParsed = () => Math.max(...parse.mock.calls.map(([text]) => text.length));
    const [forged, genuine] = ["guessed", KEY].map((key) =>
      toCall(`{"List":[${"{},".repeat(500)}{}],${signatureFor(key, IN_TEN_MINUTES)}}`),
    );

    expect(() => forged && receive(forged, { signKeys: [KEY] })).toThrow(ForgedError);
    expect(longestParsed()).toBeLessThan(100);
    expect(genuine && receive(genuine, { signKeys: [KEY] })).toHaveLength(1);
    expect(longestParsed()).toBeGreaterThan(1_000);
  });

  test.each(['"Sign":"other"', '"T":"99"', '"\\u0053ign":"other"', '"\\u0054":"99"'])(
    "does not cover a second one in the same call: %s",
    (second) => {
      const text = `{"EventType":"A",${signatureFor(KEY, IN_TEN_MINUTES)}`;

      expect(receive(toCall(`${text}}`), { signKeys: [KEY] })).toHaveLength(1);
      expect(() => receive(toCall(`${text},${second}}`), { signKeys: [KEY] })).toThrow(ForgedError);
    },
  );

  test("is removed, from events and from unreadable bodies", () => {
    const signature = signatureFor(KEY, IN_TEN_MINUTES);

    expect(receive(toCall(`{"EventType":"A","EventHandle":"h",${signature}}`))).toMatchObject([
      { type: "A", body: { EventType: "A" } },
    ]);
    const [unreadable] = receive(toCall(`{"EventType":"A",${signature},`));
    expect(unreadable).toMatchObject({ type: UNREADABLE, body: { raw: expect.stringContaining('"EventType":"A"') } });
    expect(JSON.stringify(unreadable)).not.toContain(pushSignatureOf(KEY, IN_TEN_MINUTES));
  });
});

describe("without a key Tencent's callback", () => {
  test("is not checked", () => {
    expect(receive(toCall(`{${upload("f1")}}`))).toMatchObject([{ type: "NewFileUpload" }]);
  });

  test.each([
    ["half a body", '{"EventType":"NewFileUpload",'],
    ["a form", "EventType=NewFileUpload"],
    ["a list", '[{"EventType":"NewFileUpload"}]'],
    ["nothing", ""],
  ])("with %s is kept as text", (_, raw) => {
    expect(receive(toCall(raw))).toMatchObject([{ type: UNREADABLE, body: { raw } }]);
  });
});

describe("a pushed Tencent event", () => {
  const bodies = {
    "with the fields of other types as nulls": {
      EventType: "ClipComplete",
      FileUploadEvent: null,
      ClipCompleteEvent: { TaskId: "t", FileInfo: { ErrCode: 0, Message: null } },
    },
    "of a type not documented yet": { EventType: "BrandNew", BrandNewEvent: { A: [1, null, { B: 1.5e3 }] } },
    "without a type": { ComposeMediaCompleteEvent: { TaskId: "t" } },
    "with a number beyond 2^53": { EventType: "A", AEvent: { FileId: 5285485487985271487n } },
  };

  test.each(Object.entries(bodies))("%s is the same event as the pulled one", async (_what, body) => {
    const text = JSON.stringify(body, (key, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
    const { simulator, create } = await simulated();
    simulator.publishBody(JSON.parse(text));
    const { deliveries } = await create().pull(16);
    const without = withoutNulls(text);

    const [pushed] = receive(toCall(without));
    const [pushedWithNulls] = receive(toCall(text));

    const [{ receipt: _, ...pulled } = { receipt: "" }] = deliveries;
    expect(pushed).toStrictEqual({ ...pulled, source: create().name });
    expect(pushedWithNulls).toStrictEqual(pushed);
    expect(pushed?.body).toEqual(JSON.parse(without));
  });

  test("differs from that of another application", async () => {
    const call = toCall(`{${upload("f1")}}`);

    const [a] = receive(call, { subAppId: 1_500_000_001 });
    const [b] = receive(call, { subAppId: 1_500_000_002 });

    expect([a?.source, b?.source]).toEqual(["tencent-vod/1500000001", "tencent-vod/1500000002"]);
    expect(a?.fingerprint).not.toBe(b?.fingerprint);
    expect(createTencentVodReceiver({ signKeys: [], subAppId: 1_500_000_001 }).path).toBe(
      "/callbacks/tencent-vod/1500000001",
    );
  });

  test.each([
    ["EditMediaComplete", "EditMediaComplete", "EditMediaCompleteEvent"],
    ["WechatPublishComplete", "WechatPublishComplete", "WechatPublishCompleteEvent"],
    ["ExtractBlindWatermarkComplete", "ExtractBlindWatermarkCompleteEvent", "ExtractBlindWatermarkComplete"],
  ])("of type %s is the same event in the older spelling, and keeps it", (EventType, older, newer) => {
    const [a] = receive(toCall(JSON.stringify({ EventType, [older]: { TaskId: "t" }, [newer]: null })));
    const [b] = receive(toCall(JSON.stringify({ EventType, [newer]: { TaskId: "t" } })));
    const [both] = receive(toCall(JSON.stringify({ EventType, [newer]: { TaskId: "t" }, [older]: { TaskId: "u" } })));

    expect(a?.fingerprint).toBe(b?.fingerprint);
    expect(a?.body).toHaveProperty(older, { TaskId: "t" });
    expect(both?.fingerprint).not.toBe(b?.fingerprint);
  });

  test("of a type with two spellings, or without a type, is the same event", () => {
    const fingerprints = [
      { EventType: "SceneAigcImageComplete" },
      { EventType: "SceneAigcImageCompleteEvent" },
      { EventType: null },
      {},
    ].map(
      (type) =>
        receive(toCall(JSON.stringify({ ...type, SceneAigcImageCompleteEvent: { TaskId: "t" } })))[0]?.fingerprint,
    );

    expect(new Set(fingerprints).size).toBe(1);
  });

  test("without any content is parked for a person", () => {
    expect(receive(toCall("{}"))).toMatchObject([{ type: NO_TYPE, body: {} }]);
  });
});

function upload(fileId: string): string {
  return `"EventType":"NewFileUpload","FileUploadEvent":{"FileId":${JSON.stringify(fileId)},"MediaBasicInfo":{"Name":"a"}}`;
}

function signatureFor(key: string, expires: string): string {
  return `"Sign":"${pushSignatureOf(key, expires)}","T":"${expires}"`;
}

function toCall(text: string): PushedCall {
  return { headers: {}, body: new TextEncoder().encode(text) };
}

function receive(call: PushedCall, options: Partial<TencentVodReceiverOptions> = {}) {
  return createTencentVodReceiver({ signKeys: [], now: () => NOW, ...options }).receive(call);
}

function withoutNulls(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
      : value,
  );
}
