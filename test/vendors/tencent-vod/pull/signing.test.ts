import type { IncomingHttpHeaders } from "node:http";
import { vod } from "tencentcloud-sdk-nodejs-vod";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createVodClient, type VodParams } from "../../../../src/vendors/tencent-vod/pull/client.ts";
import { createTc3 } from "../../../../src/vendors/tencent-vod/pull/signing.ts";
import { response, scriptedApi } from "./scripted-api.ts";
import { KEYS } from "./simulated.ts";

const { secretId, secretKey, sessionToken } = KEYS;

test.each<[what: string, action: "PullEvents" | "ConfirmEvents", params: VodParams, at: string, token?: string]>([
  ["a pull", "PullEvents", {}, "2026-03-01T12:00:00Z"],
  ["an application", "PullEvents", { SubAppId: 1_500_000_001 }, "2026-03-01T12:00:00Z"],
  ["the first second of a day", "PullEvents", {}, "2026-03-02T00:00:00Z"],
  ["the last second of a day", "PullEvents", {}, "2026-02-28T23:59:59.999Z"],
  ["temporary keys", "PullEvents", {}, "2026-03-01T12:00:00Z", sessionToken],
  ["receipts", "ConfirmEvents", { SubAppId: 7, EventHandles: ["a/b+c==", 'q"\\', "é中😀"] }, "2026-03-01T12:00:00Z"],
])("%s is signed and sent as Tencent's SDK does it", async (_, action, params, at, token) => {
  const { sdk, own, calls } = await bothClients(token);
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(at) });
  onTestFinished(() => void vi.useRealTimers());

  await sdk.request(action, params);
  await own.request(action, params, z.unknown());

  const [first, second] = calls;
  expect(second).toEqual(first);
  expect(first?.headers.authorization).toMatch(/^TC3-HMAC-SHA256 Credential=/);
});

test("a Tencent signing key is used only on its own day, forward and back", async () => {
  const endpoint = new URL("https://vod.tencentcloudapi.com");
  const kept = createTc3({ secretId, secretKey, endpoint });

  for (const seconds of [1_772_409_599, 1_772_409_600, 1_772_409_599, 1_772_496_000])
    expect(kept("{}", seconds)).toBe(createTc3({ secretId, secretKey, endpoint })("{}", seconds));
});

/** The SDK and our client, whose calls are noted by one server. */
async function bothClients(token: string | undefined) {
  const calls: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const { url } = await scriptedApi((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls.push({ headers: told(request.headers), body: Buffer.concat(chunks).toString() });
      answer.end(response({}));
    });
  });
  const { host } = new URL(url);
  const sdk = new vod.v20180717.Client({
    credential: { secretId, secretKey, ...(token !== undefined && { token }) },
    profile: { language: "en-US", httpProfile: { endpoint: host, protocol: "http://" } },
  });
  const own = createVodClient({ secretId, secretKey, sessionToken: token, endpoint: url });
  onTestFinished(own.close);
  return { sdk, own, calls };
}

/** The API reads these headers: neither who calls, nor how the bytes travel. */
function told(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const read =
    /^(authorization|host|content-type|content-length|x-tc-(action|version|timestamp|token|region|language))$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => read.test(name)));
}
