import { expect, onTestFinished, test, vi } from "vitest";
import { createTencentVodReceiver } from "../../../src/vendors/tencent-vod/push/receiver.ts";
import { createPusher, type PusherOptions } from "../../../src/simulators/tencent-vod/pusher.ts";
import { callbackServer } from "../../support/callback-server.ts";
import { TENCENT_CALLBACK } from "../../support/published-signatures.ts";

const EVENT = { EventType: "ClipComplete", FileUploadEvent: null, ClipCompleteEvent: { TaskId: "t" } };

test("the Tencent pusher sends an accepted event once, without nulls and with a signature that our receiver accepts", async () => {
  const { url, calls } = await callbackServer(200);
  const receiver = createTencentVodReceiver({ signKeys: ["hush"] });

  const outcome = await pusher({ url, signKey: "hush" }).push(EVENT);

  expect(outcome).toEqual({ delivered: true, answers: [200] });
  const body = new TextEncoder().encode(calls[0]?.text);
  expect(receiver.receive({ headers: {}, body })).toMatchObject([
    { type: "ClipComplete", body: { EventType: "ClipComplete", ClipCompleteEvent: { TaskId: "t" } } },
  ]);
  expect(calls[0]?.text).not.toContain("null");
  expect(calls[0]?.headers["content-type"]).toBe("application/json");
});

test("the Tencent pusher signs with the MD5 of the key and of a time ten minutes ahead", async () => {
  const { url, calls } = await callbackServer(200);
  const { signKey, expires, signature } = TENCENT_CALLBACK;
  const now = () => (Number(expires) - 600) * 1_000;

  await pusher({ url, signKey, now }).push(EVENT);

  expect(JSON.parse(calls[0]?.text ?? "")).toMatchObject({ Sign: signature, T: expires });
});

test("the Tencent pusher signs nothing without a key", async () => {
  const { url, calls } = await callbackServer(200);

  await pusher({ url }).push(EVENT);

  expect(JSON.parse(calls[0]?.text ?? "")).not.toHaveProperty("Sign");
});

test("the Tencent pusher sends a refused event twice more and then gives up", async () => {
  const { url, calls } = await callbackServer(503, 302, 204);

  expect(await pusher({ url, pauseMs: 1 }).push(EVENT)).toEqual({ delivered: false, answers: [503, 302, 204] });
  expect(calls).toHaveLength(3);
});

test("the Tencent pusher calls again, signed anew, if no answer comes in time", async () => {
  const { url, calls } = await callbackServer("hang", 200);
  let now = 1_700_000_000_000;
  const late = pusher({ url, signKey: "k", timeoutMs: 400, pauseMs: 1, now: () => (now += 1000) });

  const { delivered, answers } = await late.push(EVENT);

  // On a busy machine the second call may be late as well.
  expect({ delivered, answers: new Set(answers) }).toEqual({ delivered: true, answers: new Set(["none", 200]) });
  expect(new Set(calls.map(({ text }) => JSON.parse(text).T)).size).toBe(answers.length);
});

test("closing the Tencent pusher ends its running calls", async () => {
  const { url, calls } = await callbackServer("hang");
  const closed = pusher({ url });
  const outcome = closed.push(EVENT);
  await vi.waitFor(() => expect(calls).toHaveLength(1));

  await closed.close();

  expect(await outcome).toMatchObject({ delivered: false });
  expect(calls).toHaveLength(1);
});

function pusher(options: PusherOptions) {
  const created = createPusher(options);
  onTestFinished(() => created.close());
  return created;
}
