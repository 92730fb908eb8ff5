import { describe, expect, onTestFinished, test, vi } from "vitest";
import { viewOf } from "../../../src/vendors/alibaba-vod/events/events.ts";
import { createAlibabaVodReceiver } from "../../../src/vendors/alibaba-vod/push/receiver.ts";
import { simulate } from "../../../src/simulators/alibaba-vod/simulate.ts";
import { EVENT_TYPES, sampleOf } from "../../../src/simulators/alibaba-vod/samples.ts";
import { createSender, type SenderOptions } from "../../../src/simulators/alibaba-vod/sender.ts";
import { callbackServer, type ReceivedCall } from "../../support/callback-server.ts";
import { ALIBABA_CALLBACK } from "../../support/published-signatures.ts";
import { commandContract, startCommand } from "../command-trial.ts";

describe("the sender of Alibaba Cloud VOD's callbacks", () => {
  test("sends an accepted call once, with a signature that our receiver accepts", async () => {
    const { url, calls } = await callbackServer(200);
    const callbackUrl = "https://public.example.com/callbacks/alibaba-vod";

    const sent = await sender({ url, callbackUrl, authKey: "hush" }).send('{"EventType":"A","VideoId":"v"}');

    expect(sent).toEqual({ delivered: true, answers: [200] });
    expect(received(calls, { callbackUrls: [callbackUrl], authKeys: ["hush"] })).toMatchObject([
      { type: "A", body: { VideoId: "v" } },
    ]);
  });

  test("takes only 200 for success, and gives up after two more tries", async () => {
    const { url, calls } = await callbackServer(204, 302, 503);

    expect(await sender({ url, pauseMs: 1 }).send("{}")).toEqual({ delivered: false, answers: [204, 302, 503] });
    expect(calls).toHaveLength(3);
  });

  test("calls again if no answer comes in time, by default after 1 s", async () => {
    const { url, calls } = await callbackServer("hang", 200);

    const { delivered, answers } = await sender({ url, timeoutMs: 200 }).send("{}");

    // On a busy machine the second call may be late as well.
    expect({ delivered, answers: new Set(answers) }).toEqual({ delivered: true, answers: new Set(["none", 200]) });
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThan(1_000);
  });

  test("signs as the vendor's documents show", async () => {
    const { url, calls } = await callbackServer(200);
    const { callbackUrl, timestamp, authKey, signature } = ALIBABA_CALLBACK;

    await sender({ url, callbackUrl, authKey, now: () => Number(timestamp) * 1_000 }).send("{}");

    expect(calls[0]?.headers).toMatchObject({ "x-vod-timestamp": timestamp, "x-vod-signature": signature });
  });

  test("signs nothing without a key", async () => {
    const { url, calls } = await callbackServer(200);

    await sender({ url }).send("{}");

    expect(calls[0]?.headers).not.toHaveProperty("x-vod-signature");
  });

  test("ends its calls when it is closed", async () => {
    const { url, calls } = await callbackServer("hang");
    const closed = sender({ url });
    const outcome = closed.send("{}");
    await vi.waitFor(() => expect(calls).toHaveLength(1));

    await closed.close();

    expect(await outcome).toMatchObject({ delivered: false });
    expect(calls).toHaveLength(1);
  });
});

describe("the samples of Alibaba Cloud VOD's events", () => {
  test("are of all 22 types", () => {
    expect(EVENT_TYPES).toHaveLength(22);
  });

  test.each(EVENT_TYPES)("of %s are successes, and no two are equal", (type) => {
    expect(viewOf(type, sampleOf(type))).toMatchObject({ EventType: type, ok: true });
    expect(JSON.stringify(sampleOf(type))).not.toBe(JSON.stringify(sampleOf(type)));
  });
});

describe("`simulate --vendor alibaba-vod`", () => {
  test("prints the settings that a worker needs, without the key, and sends callbacks", async () => {
    const { url, calls } = await callbackServer(200);

    const lines = await run("--to", url, "--auth-key", "hush", "--rate=200", "--count=3", "--types=TranscodeComplete");

    await vi.waitFor(() => expect(lines.filter((line) => line === "TranscodeComplete was taken")).toHaveLength(3));
    expect(lines.join("\n")).toContain(`ALIBABA_VOD_CALLBACK_URLS=${url}`);
    expect(lines.join("\n")).not.toContain("hush");
    expect(received(calls, { callbackUrls: [url], authKeys: ["hush"] })).toHaveLength(3);
  });

  commandContract(simulate, {
    option: "--callback-url",
    mistakes: [
      ["--to=ftp://x", "--to: must be an address that begins with http"],
      ["--rate=0", "--rate: must be more than 0"],
      ["--rate=fast", "--rate: must be a number"],
      ["--count=-1", "--count"],
      ["--types=Nonsense", "there is no event type Nonsense"],
    ],
  });
});

function sender(options: SenderOptions) {
  const created = createSender(options);
  onTestFinished(() => created.close());
  return created;
}

function received(calls: readonly ReceivedCall[], keys: { callbackUrls: string[]; authKeys: string[] }) {
  return calls.flatMap(({ headers, text }) => {
    const [timestamp, signature] = [headers["x-vod-timestamp"], headers["x-vod-signature"]].map(String);
    return createAlibabaVodReceiver(keys).receive({
      headers: { "x-vod-timestamp": timestamp, "x-vod-signature": signature },
      body: new TextEncoder().encode(text),
    });
  });
}

async function run(...argv: readonly string[]): Promise<readonly string[]> {
  return (await startCommand(simulate, ...argv)).lines;
}
