import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import type { VendorError } from "../../../../src/core/errors.ts";
import type { Action } from "../../../../src/vendors/tencent-vod/pull/error-codes.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { emptyAnswer, refusal, scriptedClient } from "./scripted-api.ts";
import { KEYS } from "./simulated.ts";

describe("an error of the Tencent API", () => {
  test.each<[code: string, action: Action, kind: VendorError["kind"], fix: string | undefined]>([
    ["RequestLimitExceeded", "PullEvents", "limit", undefined],
    ["RequestLimitExceeded.UinLimitExceeded", "ConfirmEvents", "limit", undefined],
    ["AuthFailure.SignatureExpire", "PullEvents", "clock", "clock"],
    ["AuthFailure.SecretIdNotFound", "PullEvents", "configuration", "TENCENTCLOUD_SECRET_ID"],
    [
      "AuthFailure.SignatureFailure",
      "PullEvents",
      "configuration",
      "TENCENTCLOUD_SECRET_KEY: the signature was refused",
    ],
    ["AuthFailure.TokenFailure", "ConfirmEvents", "configuration", "TENCENTCLOUD_SESSION_TOKEN"],
    ["AuthFailure.InvalidAuthorization", "PullEvents", "configuration", "TENCENTCLOUD_SECRET_ID"],
    ["AuthFailure.UnauthorizedOperation", "PullEvents", "configuration", "vod:PullEvents"],
    ["UnauthorizedOperation", "ConfirmEvents", "configuration", "vod:ConfirmEvents"],
    ["UnauthorizedOperation.CamNoAuth", "DescribeEventConfig", "configuration", "vod:DescribeEventConfig"],
    ["FailedOperation.InvalidVodUser", "PullEvents", "configuration", "TENCENT_VOD_SUB_APP_IDS"],
    ["InvalidParameterValue", "PullEvents", "configuration", "TENCENT_VOD_SUB_APP_IDS"],
    ["MissingParameter", "DescribeEventConfig", "configuration", "TENCENT_VOD_SUB_APP_IDS"],
    ["InvalidAction", "PullEvents", "configuration", "TENCENT_VOD_ENDPOINT"],
    ["NoSuchVersion", "ConfirmEvents", "configuration", "TENCENT_VOD_ENDPOINT"],
    ["InvalidParameterValue", "ConfirmEvents", "refused", undefined],
    ["InvalidParameterValue.EventHandle", "ConfirmEvents", "refused", undefined],
    ["ResourceNotFound", "ConfirmEvents", "refused", undefined],
    ["4000", "ConfirmEvents", "refused", undefined],
    ["FailedOperation", "ConfirmEvents", "outage", undefined],
    ["InternalError", "PullEvents", "outage", undefined],
    ["InternalError.Timeout", "ConfirmEvents", "outage", undefined],
    ["ResourceNotFound.Queue", "PullEvents", "outage", undefined],
    ["SomethingNew", "PullEvents", "outage", undefined],
    ["SomethingNew", "ConfirmEvents", "outage", undefined],
    ["InvalidParameterValueX", "ConfirmEvents", "outage", undefined],
  ])("%s on %s is of kind %s", async (code, action, kind, fix) => {
    const { call } = await scriptedClient((_, response) => response.end(refusal(code, "The vendor's words.")));

    const err = await failureOf(call(action));

    expect(err).toMatchObject({
      kind,
      message: `${action}: ${code}: The vendor's words.`,
      code,
      requestId: "request-1",
    });
    expect(err.fix).toEqual(fix === undefined ? undefined : expect.stringContaining(fix));
  });

  test.each([
    ["behind", 11 * 60_000 + 5_000, /it is 11 min \d s behind$/],
    ["ahead", -3_600_000, /it is (60|59) min \d+ s ahead$/],
  ])("for a clock that is %s says by how much", async (_, aheadMs, fix) => {
    const { call } = await scriptedClient((_request, response) => {
      response.setHeader("Date", new Date(Date.now() + aheadMs).toUTCString());
      response.end(refusal("AuthFailure.SignatureExpire", "Expired."));
    });

    expect(await failureOf(call("PullEvents"))).toMatchObject({ kind: "clock", fix: expect.stringMatching(fix) });
  });

  test("for a wrong clock is recognised even if the vendor's time is wrong too", async () => {
    const { call } = await scriptedClient((request, response) => {
      if (request.method === "HEAD") response.destroy();
      else response.end(refusal("AuthFailure.SignatureExpire", "Expired."));
    });

    expect(await failureOf(call("PullEvents"))).toMatchObject({
      kind: "clock",
      fix: expect.stringContaining("5 minutes"),
    });
  });

  test("shows neither keys nor handles, however the vendor quotes them", async () => {
    const handles = ["xxx___xxx_1700000000000_xxx", "4001"];
    const quoted = `id ${KEYS.secretId} key ${KEYS.secretKey} token ${KEYS.sessionToken} handles ${handles.join(", ")} cut xxx_1700000000000`;
    const { call } = await scriptedClient((_, response) => response.end(refusal("InvalidParameterValue", quoted)));

    const err = await failureOf(call("ConfirmEvents", { EventHandles: handles }));

    expect(err.message).toBe(
      "ConfirmEvents: InvalidParameterValue: id (hidden) key (hidden) token (hidden) handles (hidden), (hidden) cut (hidden)",
    );
    expect(err.cause).toBeUndefined();
  });

  test("becomes one short line, even if it is a megabyte of text that looks like keys", async () => {
    const long = "x".repeat(1024 ** 2);
    const { call } = await scriptedClient((_, response) => response.end(refusal(long, long)));

    expect((await failureOf(call("PullEvents"))).message.length).toBeLessThan(700);
  });
});

describe.concurrent("an unusable answer of Tencent's API is an outage:", () => {
  test.each<[what: string, listener: RequestListener, message: string | RegExp]>([
    ["HTTP 500", (_, response) => response.writeHead(500).end("x"), "PullEvents: HTTP 500 Internal Server Error"],
    ["HTTP 403", (_, response) => response.writeHead(403).end("<html>"), "PullEvents: HTTP 403 Forbidden"],
    [
      "a redirect",
      (request, response) =>
        request.url === "/" ? response.writeHead(307, { location: "/other" }).end() : response.end('{"Response":{}}'),
      "PullEvents: HTTP 307 Temporary Redirect",
    ],
    ["a page", (_, response) => response.end("<html>handle-1</html>"), "PullEvents: the answer is cut off or not JSON"],
    ["nothing", (_, response) => response.end(), "PullEvents: the answer is cut off or not JSON"],
    ["no Response", (_, response) => response.end('{"a":1}'), "PullEvents: the answer carries no Response"],
    ["null", (_, response) => response.end("null"), "PullEvents: the answer carries no Response"],
    [
      "another shape",
      (_, response) => response.end('{"Response":{"EventSet":"none"}}'),
      "PullEvents: the answer has not the shape it should have",
    ],
    ["a dropped connection", (request) => request.destroy(), /^PullEvents: no answer from 127\.0\.0\.1:\d+: /],
    [
      "half an answer",
      (_, response) => {
        response
          .writeHead(200, { "content-length": "1000" })
          .write('{"Response":{"EventSet":[{"EventHandle":"handle-1');
        setImmediate(() => response.destroy());
      },
      /^PullEvents: (the answer is cut off or not JSON|no answer)/,
    ],
  ])("%s", async (_, listener, message) => {
    const { call } = await scriptedClient(listener);

    const err = await failureOf(call("PullEvents"));

    expect(err.kind).toBe("outage");
    expect(err.message).toMatch(message);
    expect(err.message).not.toContain("handle-1");
  });

  test.each<[what: string, listener: RequestListener]>([
    ["it", () => {}],
    ["the body", (_, response) => response.writeHead(200).write('{"Response":')],
  ])("no end of %s", async (_, listener) => {
    const { call } = await scriptedClient(listener, { timeoutMs: 300 });

    const err = await failureOf(call("PullEvents"));

    expect(err.kind).toBe("outage");
    expect(err.message).toMatch(/^PullEvents: no answer from 127\.0\.0\.1:\d+ within 300 ms$/);
  });

  test("more bytes than any pull may bring", async () => {
    const megabyte = Buffer.alloc(1024 ** 2, " ");
    const { call } = await scriptedClient((_, response) => {
      const send = (): unknown => response.destroyed || response.write(megabyte, send);
      send();
    });

    const err = await failureOf(call("PullEvents"));

    expect(err).toMatchObject({ kind: "outage", message: expect.stringMatching(/: an answer without end$/) });
  });

  test("no answer at all", async () => {
    const { call, server } = await scriptedClient(() => {});
    server.close();

    const err = await failureOf(call("PullEvents"));

    expect(err).toMatchObject({
      kind: "outage",
      message: expect.stringMatching(/no answer from .*: connect ECONNREFUSED/),
    });
  });
});

describe("the signal of a Tencent call", () => {
  test("aborts the call with its reason", async () => {
    const reason = new Error("stopping");
    const stop = new AbortController();
    const { call } = await scriptedClient(() => stop.abort(reason));

    await expect(call("PullEvents", {}, stop.signal)).rejects.toBe(reason);
  });

  test("prevents the call if it is aborted already", async () => {
    const listener = vi.fn<RequestListener>();
    const { call } = await scriptedClient(listener);

    await expect(call("PullEvents", {}, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect(listener).not.toHaveBeenCalled();
  });
});

describe("connections to Tencent's API", () => {
  test("are reused from call to call", async () => {
    const sockets = new Set<Socket>();
    const { call } = await scriptedClient((request, response) => {
      sockets.add(request.socket);
      response.end('{"Response":{}}');
    });

    for (let n = 0; n < 5; n++) await call("PullEvents");

    expect(sockets.size).toBe(1);
  });

  test("are closed after an answer that nobody reads", async () => {
    const { call, server } = await scriptedClient((_, response) => response.writeHead(502).end("x".repeat(1_000_000)));

    await failureOf(call("PullEvents"));

    await vi.waitFor(async () => expect(await connections(server)).toBe(0), 5_000);
  });

  test("are closed with the client", async () => {
    const { call, client, server } = await scriptedClient(emptyAnswer);
    // Else the server itself ends an idle connection after 5 s.
    server.keepAliveTimeout = 60_000;
    await call("PullEvents");
    expect(await connections(server)).toBe(1);

    client.close();

    await vi.waitFor(async () => expect(await connections(server)).toBe(0), 5_000);
  });
});

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((err, count) => (err ? reject(err) : resolve(count))));
}
