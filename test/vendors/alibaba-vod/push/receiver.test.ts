import { expect, test } from "vitest";
import { ForgedError } from "../../../../src/core/errors.ts";
import { UNREADABLE } from "../../../../src/core/event.ts";
import type { PushedCall } from "../../../../src/core/receiver.ts";
import {
  type AlibabaVodReceiverOptions,
  createAlibabaVodReceiver,
} from "../../../../src/vendors/alibaba-vod/push/receiver.ts";
import { signatureOf } from "../../../../src/vendors/alibaba-vod/push/signing.ts";
import { receiverContract } from "../../../contracts/receiver.ts";
import { FILE_UPLOADED, SAMPLES } from "../fixtures.ts";

const URL = "https://worker.example.com/callbacks/alibaba-vod/s3cret-path";
const KEY = "auth-key-of-the-vendor";
const NOW = Date.parse("2026-11-20T10:00:00Z");

receiverContract("the receiver of Alibaba Cloud VOD", () => {
  let seconds = NOW / 1000;
  const callOf = (body: Uint8Array | string) => {
    seconds += 1;
    return signed(body, { timestamp: String(seconds) });
  };
  return {
    receiver: createAlibabaVodReceiver({ callbackUrls: [URL], authKeys: [KEY], now: () => NOW }),
    source: "alibaba-vod",
    type: "FileUploadComplete",
    secrets: [KEY, "s3cret-path"],
    vendor: {
      call: (content) => callOf(bodyOf(content)),
      callWith: (content, member) => callOf(bodyOf(content, member)),
      callOf,
      unreadable: (text) => callOf(`{"EventType":"${text}"`),
      forged: (content) => ({
        "no headers": { headers: {}, body: bytes(bodyOf(content)) },
        "no signature": signed(bodyOf(content), { signature: undefined }),
        "an empty signature": signed(bodyOf(content), { signature: "" }),
        "no timestamp": signed(bodyOf(content), { timestamp: undefined }),
        "a timestamp in words": signed(bodyOf(content), { timestamp: "now" }),
        "another key": signed(bodyOf(content), { key: "guessed" }),
        "another address": signed(bodyOf(content), { url: "https://worker.example.com/" }),
        "a signature of long ago": signed(bodyOf(content), { timestamp: String(NOW / 1000 - 301) }),
        "a signature of the future": signed(bodyOf(content), { timestamp: String(NOW / 1000 + 301) }),
      }),
    },
  };
});

test.each(Object.entries(SAMPLES))(
  "the receiver of Alibaba Cloud VOD takes a documented event as it was sent: %s",
  (_, sample) => {
    const [event] = receive(signed(JSON.stringify(sample, null, 4)));

    expect(event).toMatchObject({ type: sample.EventType, body: sample });
  },
);

test.each([
  ["the old address and the new key", { url: "https://old.example.com/", key: "new" }],
  ["the new address and the old key", { url: URL, key: KEY }],
])("while callback URLs and keys are changed, the receiver of Alibaba Cloud VOD accepts %s together", (_, how) => {
  const options = { callbackUrls: ["https://old.example.com/", URL], authKeys: [KEY, "new"] };

  expect(receive(signed("{}", how), options)).toHaveLength(1);
});

test("the receiver of Alibaba Cloud VOD ignores the host that the call names", () => {
  const call = signed(JSON.stringify(FILE_UPLOADED), { url: "https://evil.example.com/callbacks/alibaba-vod" });

  expect(() => receive({ ...call, headers: { ...call.headers, host: "evil.example.com" } })).toThrow(ForgedError);
});

test("without a key the receiver of Alibaba Cloud VOD checks no signature", () => {
  const call = { headers: {}, body: bytes(JSON.stringify(FILE_UPLOADED)) };

  expect(receive(call, { callbackUrls: [], authKeys: [] })).toMatchObject([{ type: "FileUploadComplete" }]);
});

test("a key without a callback URL is a mistake", () => {
  expect(() => createAlibabaVodReceiver({ callbackUrls: [], authKeys: [KEY] })).toThrow("callback URL");
});

test("the receiver of Alibaba Cloud VOD keeps an unreadable body as text", () => {
  expect(receive(signed('{"EventType": "SnapshotComplete" "VideoId": "v" }'))).toMatchObject([
    { type: UNREADABLE, body: { raw: '{"EventType": "SnapshotComplete" "VideoId": "v" }' } },
  ]);
});

function bodyOf(content: string, member = ""): string {
  const fields = `"EventType":"FileUploadComplete","EventTime":"2026-11-20T10:00:00Z","VideoId":${JSON.stringify(content)}`;
  return `{${fields}${member && ","}${member}}`;
}

function receive(call: PushedCall, options: Partial<AlibabaVodReceiverOptions> = {}) {
  return createAlibabaVodReceiver({ callbackUrls: [URL], authKeys: [KEY], now: () => NOW, ...options }).receive(call);
}

type How = { url?: string; key?: string; timestamp?: string | undefined; signature?: string | undefined };

function signed(body: Uint8Array | string, how: How = {}): PushedCall {
  const { url = URL, key = KEY } = how;
  const timestamp = "timestamp" in how ? how.timestamp : String(NOW / 1000);
  const signature = "signature" in how ? how.signature : signatureOf(url, timestamp ?? "", key);
  return {
    headers: { "x-vod-timestamp": timestamp, "x-vod-signature": signature },
    body: typeof body === "string" ? bytes(body) : body,
  };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
