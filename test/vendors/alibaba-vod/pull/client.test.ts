import type { IncomingMessage } from "node:http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createMnsClient } from "../../../../src/vendors/alibaba-vod/pull/client.ts";
import { isSigned, readClaim } from "../../../../src/simulators/alibaba-mns/signature.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { PULL, RECEIPT, scripted } from "./scripted-mns.ts";
import { KEYS, QUEUE } from "./simulated.ts";

describe("a call to MNS", () => {
  test("carries a signature of what it sends, with the version, the date and the token", async () => {
    const calls: IncomingMessage[] = [];
    const { client } = await scripted((request, answer) => {
      calls.push(request);
      answer.writeHead(200).end("<ChangeVisibility><ReceiptHandle>new</ReceiptHandle></ChangeVisibility>");
    });

    expect(await client.extend(RECEIPT, 60)).toEqual({ receipt: "new" });

    const { method = "", url: resource = "", headers = {} } = calls[0] ?? {};
    expect(resource).toBe(
      `/queues/${QUEUE}/messages?receiptHandle=${encodeURIComponent(RECEIPT)}&visibilityTimeout=60`,
    );
    expect(headers).toMatchObject({ "x-mns-version": "2015-06-06", "security-token": KEYS.securityToken });
    const claim = readClaim(headers.authorization ?? "");
    if (!claim) throw new Error("no claim");
    const signed = { date: headers.date ?? "", "x-mns-version": "2015-06-06" };
    expect(isSigned(claim, { method, resource, headers: signed }, KEYS.accessKeySecret)).toBe(true);
    expect(Math.abs(Date.parse(headers.date ?? "") - Date.now())).toBeLessThan(60_000);
  });

  test("reuses the connection of the call before", async () => {
    const { client, connections } = await scripted((_, answer) => void answer.writeHead(204).end());

    for (let calls = 0; calls < 3; calls += 1) await client.remove([RECEIPT]);

    expect(connections()).toBe(1);
  });

  test("that nobody answers is an outage that names the address", async () => {
    const { client, close } = await scripted(() => {});
    await close();

    expect(await failureOf(client.receive(PULL))).toMatchObject({
      kind: "outage",
      message: expect.stringMatching(/^BatchReceiveMessage: no answer from 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    });
  });

  test("to an unknown host names the setting to check", async () => {
    const client = createMnsClient({ ...KEYS, queue: QUEUE, endpoint: "http://mns.invalid" });
    onTestFinished(client.close);

    expect(await failureOf(client.attributes())).toMatchObject({
      kind: "outage",
      fix: expect.stringContaining("ALIBABA_MNS_ENDPOINT"),
    });
  });

  test("goes through the proxy of the environment, and never shows the proxy's password", async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await scripted((request, answer) => {
      seen.push(request.url);
      answer.writeHead(407).end();
    });
    const proxyEnv = { HTTP_PROXY: url.replace("http://", "http://user:hush@") };
    const client = createMnsClient({ ...KEYS, queue: QUEUE, endpoint: "http://mns.invalid", proxyEnv });
    onTestFinished(client.close);

    const err = await failureOf(client.attributes());

    expect(seen).toEqual([`http://mns.invalid/queues/${QUEUE}`]);
    expect(err.message).toBe("GetQueueAttributes: HTTP 407, and not an answer of MNS");
  });

  test("without an end is aborted at its deadline, before or during the answer", async () => {
    const silent = await scripted(() => {}, { timeoutMs: 50 });
    const slow = await scripted((_, answer) => void answer.writeHead(200).write("<Messages>"), { timeoutMs: 50 });

    for (const { client } of [silent, slow]) {
      const err = await failureOf(client.receive(PULL));
      expect(err).toMatchObject({ kind: "outage", message: expect.stringContaining("within 50 ms") });
    }
  });

  test("can be aborted, before or during the answer", async () => {
    const reason = new Error("stopping");
    for (const begin of ["", "<Messages>"]) {
      const stop = new AbortController();
      const { client } = await scripted((_, answer) => {
        if (begin) answer.writeHead(200).write(begin);
        stop.abort(reason);
      });

      await expect(client.receive(PULL, stop.signal)).rejects.toBe(reason);
    }
  });

  test("takes at most 5 s for confirming and extending, and for a pull 4 s more than the long poll", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    let received = Promise.withResolvers<void>();
    const { client } = await scripted(() => received.resolve());
    const calls = [
      [() => client.remove([RECEIPT]), 5_000],
      [() => client.extend(RECEIPT, 60), 5_000],
      [() => client.receive({ count: 16, waitSeconds: 8 }), 12_000],
    ] as const;

    for (const [call, ms] of calls) {
      received = Promise.withResolvers();
      const failure = failureOf(call());
      await received.promise;
      vi.advanceTimersByTime(ms);
      expect((await failure).message).toContain(`within ${ms} ms`);
    }
  });
});

describe("an endpoint of MNS", () => {
  test.each([
    ["https://123.mns.cn-shanghai.aliyuncs.com", "cn-shanghai"],
    ["https://123.mns.cn-shanghai-internal.aliyuncs.com", "cn-shanghai"],
    ["http://123.mns.cn-shanghai-internal-vpc.aliyuncs.com", "cn-shanghai"],
    ["http://mns.eu-west-1.aliyuncs.com", "eu-west-1"],
  ])("%s belongs to the region %s", async (endpoint, region) => {
    const seen: (string | undefined)[] = [];
    const { url } = await scripted((request, answer) => {
      seen.push(request.headers.authorization);
      answer.writeHead(204).end();
    });
    const host = new URL(endpoint).host;
    // A proxy sees what is sent to hosts that no test may call.
    const options = { ...KEYS, queue: QUEUE, endpoint: `http://${host}`, proxyEnv: { HTTP_PROXY: url } };
    const client = createMnsClient({ ...options, signature: "v4" });
    onTestFinished(client.close);

    await client.remove([RECEIPT]);

    expect(seen).toEqual([expect.stringContaining(`/${region}/mns/aliyun_v4_request,`)]);
  });
});
