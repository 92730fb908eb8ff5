import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createMnsClient, type MnsClientOptions } from "../../../../src/vendors/alibaba-vod/mns/client.ts";
import { MnsError } from "../../../../src/vendors/alibaba-vod/mns/error-codes.ts";
import { isSignature, parseAuthorization } from "../../../../src/vendors/alibaba-vod/mns/signing.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { KEYS, QUEUE } from "./simulated.ts";

const PULL = { count: 16, waitSeconds: 1 };
const RECEIPT = "1-ODU4OTkzNDU5My0xNDM1MTk3NjAw+LTI/tNg==";

describe("a call", () => {
  test("is signed as it is sent, with the version, the date and the token", async () => {
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
    const claim = parseAuthorization(headers.authorization ?? "");
    if (!claim) throw new Error("no claim");
    const signed = { date: headers.date ?? "", "x-mns-version": "2015-06-06" };
    expect(isSignature(claim, { method, resource, headers: signed }, KEYS.accessKeySecret)).toBe(true);
    expect(Math.abs(Date.parse(headers.date ?? "") - Date.now())).toBeLessThan(60_000);
  });

  test("goes through the connection of the one before", async () => {
    const { client, connections } = await scripted((_, answer) => void answer.writeHead(204).end());

    for (let calls = 0; calls < 3; calls += 1) await client.remove([RECEIPT]);

    expect(connections()).toBe(1);
  });

  test("to nobody is an outage that says where", async () => {
    const { client, close } = await scripted(() => {});
    await close();

    expect(await failureOf(client.receive(PULL))).toMatchObject({
      kind: "outage",
      message: expect.stringMatching(/^BatchReceiveMessage: no answer from 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    });
  });

  test("to a name that there is not says which variable to check", async () => {
    const client = createMnsClient({ ...KEYS, queue: QUEUE, endpoint: "http://mns.invalid" });
    onTestFinished(client.close);

    expect(await failureOf(client.attributes())).toMatchObject({
      kind: "outage",
      fix: expect.stringContaining("ALIBABA_MNS_ENDPOINT"),
    });
  });

  test("goes through the proxy that the environment names, and never tells the proxy's password", async () => {
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

  test("without an end ends at its deadline, before or after the answer began", async () => {
    const silent = await scripted(() => {}, { timeoutMs: 50 });
    const slow = await scripted((_, answer) => void answer.writeHead(200).write("<Messages>"), { timeoutMs: 50 });

    for (const { client } of [silent, slow]) {
      const err = await failureOf(client.receive(PULL));
      expect(err).toMatchObject({ kind: "outage", message: expect.stringContaining("within 50 ms") });
    }
  });

  test("can be stopped, before or after the answer began", async () => {
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

  test("to confirm or to extend takes 5 s at the most, and a pull 4 s more than it waits", async () => {
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

const PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const errors = (receipt: string) =>
  `<Errors><Error><ErrorCode>ReceiptHandleError</ErrorCode><ReceiptHandle>${receipt}</ReceiptHandle></Error></Errors>`;

describe("is never success:", () => {
  test.each([
    [200, ""],
    [200, PAGE],
    [200, "<Messages>"],
    [200, "<Message/>"],
    [200, '{"Messages":[]}'],
    [204, ""],
    [302, ""],
    [404, PAGE],
    [502, PAGE],
    [503, "<Messages/>"],
  ])("to a pull the answer %i %s", async (status, body) => {
    const { client } = await scripted((_, answer) => void answer.writeHead(status).end(body));

    expect(await failureOf(client.receive(PULL))).toMatchObject({ kind: "outage" });
  });

  test.each([
    [200, ""],
    [200, PAGE],
    [202, ""],
    [301, ""],
    [404, ""],
    [404, PAGE],
    [404, "<Errors/>"],
    [404, "<Errors><Error><ErrorCode>ReceiptHandleError</ErrorCode></Error></Errors>"],
    [404, errors("of-another-call")],
    [500, errors(RECEIPT)],
    [502, PAGE],
  ])("to a deletion the answer %i %s", async (status, body) => {
    const { client } = await scripted((_, answer) => void answer.writeHead(status).end(body));

    expect(await failureOf(client.remove([RECEIPT]))).toMatchObject({ kind: "outage" });
  });

  test.each([
    [200, ""],
    [200, "<ChangeVisibility/>"],
    [204, ""],
    [502, PAGE],
  ])("to an extension the answer %i %s", async (status, body) => {
    const { client } = await scripted((_, answer) => void answer.writeHead(status).end(body));

    expect(await failureOf(client.extend(RECEIPT, 60))).toMatchObject({ kind: "outage" });
  });

  test("an answer that is cut off, or has no end", async () => {
    const cut = await scripted((_, answer) => {
      answer.writeHead(200, { "content-length": 100 }).write("<Messages/>", () => answer.destroy());
    });
    const endless = await scripted((_, answer) => {
      answer.writeHead(200);
      const flood = (): void => {
        while (!answer.destroyed && answer.write(" ".repeat(65_536))) continue;
        if (!answer.destroyed) answer.once("drain", flood);
      };
      flood();
    });

    for (const { client } of [cut, endless])
      expect(await failureOf(client.receive(PULL))).toMatchObject({ kind: "outage" });
  });
});

describe("an error of MNS", () => {
  test.each([
    ["AccessDenied", "configuration", "RAM"],
    ["InvalidAccessKeyId", "configuration", "ALIBABA_CLOUD_ACCESS_KEY_ID"],
    ["SignatureDoesNotMatch", "configuration", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    ["SecurityTokenExpired", "configuration", "ALIBABA_CLOUD_SECURITY_TOKEN"],
    ["InvalidSecurityToken.Expired", "configuration", "ALIBABA_CLOUD_SECURITY_TOKEN"],
    ["QueueNotExist", "configuration", "ALIBABA_MNS_QUEUES"],
    ["InvalidRequestURL", "configuration", "ALIBABA_MNS_ENDPOINT"],
    ["TimeExpired", "clock", "clock"],
    ["QpsLimitExceeded", "limit", undefined],
    ["Throttling.User", "limit", undefined],
    ["InternalError", "outage", undefined],
    ["constructor", "outage", undefined],
    ["SomethingNew", "outage", undefined],
  ])("%s means %s, whatever its status", async (code, kind, fix) => {
    for (const status of [400, 403, 503]) {
      const { client } = await scripted((_, answer) => void answer.writeHead(status).end(errorOf(code)));

      const err = await failureOf(client.receive(PULL));

      expect(err).toMatchObject({ kind, fix: fix === undefined ? undefined : expect.stringContaining(fix) });
      expect(err).toBeInstanceOf(MnsError);
    }
  });

  test.each(["MessageNotExist", "ReceiptHandleError", "InvalidArgument"])(
    "%s refuses a receipt, and on a pull it does not",
    async (code) => {
      const { client } = await scripted((_, answer) => void answer.writeHead(404).end(errorOf(code)));

      expect(await failureOf(client.remove([RECEIPT]))).toMatchObject({ kind: "refused" });
      expect(await failureOf(client.extend(RECEIPT, 1))).toMatchObject({ kind: "refused" });
      expect(
        await client.receive(PULL).then(
          ({ messages }) => messages,
          ({ kind }: { kind: string }) => kind,
        ),
      ).toEqual(code === "MessageNotExist" ? [] : "outage");
    },
  );

  test("keeps its code and request id, and tells no secret and no book", async () => {
    const secrets = [...Object.values(KEYS), RECEIPT, "LTAI5tSomebodyElses7"];
    const said = `${secrets.join(" ")} ${"and so on ".repeat(1_000)}`;
    const { client } = await scripted((_, answer) => void answer.writeHead(403).end(errorOf("AccessDenied", said)));

    const err = await failureOf(client.remove([RECEIPT]));

    expect(err).toMatchObject({ code: "AccessDenied", requestId: "request-1" });
    for (const secret of secrets) expect(`${err.stack}${JSON.stringify(err)}`).not.toContain(secret);
    expect(err.message.length).toBeLessThan(600);
    expect(err.message).not.toContain("request-1");
  });
});

describe("an endpoint", () => {
  test.each([
    ["https://123.mns.cn-shanghai.aliyuncs.com", "cn-shanghai"],
    ["https://123.mns.cn-shanghai-internal.aliyuncs.com", "cn-shanghai"],
    ["http://123.mns.cn-shanghai-internal-vpc.aliyuncs.com", "cn-shanghai"],
    ["http://mns.eu-west-1.aliyuncs.com", "eu-west-1"],
  ])("%s is of the region %s", async (endpoint, region) => {
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

/** A vendor that answers whatever a test wants to see answered, and a client of it; both gone when the test is. */
async function scripted(listener: RequestListener, options: Partial<MnsClientOptions> = {}) {
  const server = createServer(listener);
  let connected = 0;
  server.on("connection", () => void (connected += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const client = createMnsClient({ ...KEYS, queue: QUEUE, endpoint: url, ...options });
  onTestFinished(client.close);
  return { client, url, close, connections: () => connected };
}

function errorOf(code: string, message = "no"): string {
  return `<Error xmlns="x"><Code>${code}</Code><Message>${message}</Message><RequestId>request-1</RequestId></Error>`;
}
