/** What the client makes of every answer it may get. */
import { describe, expect, test } from "vitest";
import { MnsError } from "../../../../src/vendors/alibaba-vod/pull/error-codes.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { PULL, RECEIPT, scripted } from "./scripted-mns.ts";
import { KEYS } from "./simulated.ts";

const PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const errors = (receipt: string) =>
  `<Errors><Error><ErrorCode>ReceiptHandleError</ErrorCode><ReceiptHandle>${receipt}</ReceiptHandle></Error></Errors>`;

describe("MNS' client never takes for success", () => {
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
  ])("the answer to a pull %i %s", async (status, body) => {
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
  ])("the answer to a deletion %i %s", async (status, body) => {
    const { client } = await scripted((_, answer) => void answer.writeHead(status).end(body));

    expect(await failureOf(client.remove([RECEIPT]))).toMatchObject({ kind: "outage" });
  });

  test.each([
    [200, ""],
    [200, "<ChangeVisibility/>"],
    [204, ""],
    [502, PAGE],
  ])("the answer to an extension %i %s", async (status, body) => {
    const { client } = await scripted((_, answer) => void answer.writeHead(status).end(body));

    expect(await failureOf(client.extend(RECEIPT, 60))).toMatchObject({ kind: "outage" });
  });

  test("an answer that is cut off or endless", async () => {
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
  ])("%s means %s, whatever its HTTP status", async (code, kind, fix) => {
    for (const status of [400, 403, 503]) {
      const { client } = await scripted((_, answer) => void answer.writeHead(status).end(errorOf(code)));

      const err = await failureOf(client.receive(PULL));

      expect(err).toMatchObject({ kind, fix: fix === undefined ? undefined : expect.stringContaining(fix) });
      expect(err).toBeInstanceOf(MnsError);
    }
  });

  test.each(["MessageNotExist", "ReceiptHandleError", "InvalidArgument"])(
    "%s means a refused receipt, except on a pull",
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

  test("keeps its code and request id, shows no secret, and is short", async () => {
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

function errorOf(code: string, message = "no"): string {
  return `<Error xmlns="x"><Code>${code}</Code><Message>${message}</Message><RequestId>request-1</RequestId></Error>`;
}
