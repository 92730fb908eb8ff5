import { expect, test } from "vitest";
import { authorize } from "../../../src/simulators/tencent-vod/signing.ts";
import { connect, CREDENTIALS, outcomeOf, setup } from "./setup.ts";

test("the Tencent simulator accepts the official SDK's signature", async () => {
  const { client } = await setup();

  expect(await client.DescribeEventConfig({})).toMatchObject({ Mode: "PULL", UploadMediaCompleteEventSwitch: "ON" });
});

test("the Tencent simulator's errors differ for a wrong key, an unknown id and a wrong clock", async () => {
  const { simulator, client } = await setup();

  expect(await outcomeOf(connect(simulator.url, { ...CREDENTIALS, secretKey: "wrong" }).PullEvents({}))).toBe(
    "AuthFailure.SignatureFailure",
  );
  expect(await outcomeOf(connect(simulator.url, { ...CREDENTIALS, secretId: "AKIDother" }).PullEvents({}))).toBe(
    "AuthFailure.SecretIdNotFound",
  );
  simulator.set({ clockOffsetMs: 310_000 });
  expect(await outcomeOf(client.PullEvents({}))).toBe("AuthFailure.SignatureExpire");
  simulator.set({ clockOffsetMs: -310_000 });
  expect(await outcomeOf(client.PullEvents({}))).toBe("AuthFailure.SignatureExpire");
  simulator.set({ clockOffsetMs: 280_000 });
  expect(await outcomeOf(client.PullEvents({}))).toBe("ResourceNotFound");
});

test("the Tencent simulator refuses temporary credentials without their token", async () => {
  const { client } = await setup({ sessionToken: "a-token" });

  expect(await outcomeOf(client.PullEvents({}))).toBe("AuthFailure.TokenFailure");
});

test.each([
  ["no Authorization", { authorization: "" }, "AuthFailure.InvalidAuthorization"],
  ["a timestamp that is none", { "x-tc-timestamp": "soon" }, "MissingParameter"],
  ["a timestamp other than the signed one", { "x-tc-timestamp": String(nowS() - 1) }, "AuthFailure.SignatureFailure"],
  ["an unknown action", { "x-tc-action": "PullEvent" }, "InvalidAction"],
  ["another version", { "x-tc-version": "2024-07-18" }, "NoSuchVersion"],
])("the Tencent simulator refuses a call with %s", async (_name, headers, code) => {
  const { simulator } = await setup();

  expect(await rawCall(simulator.url, { headers })).toBe(code);
});

test("the Tencent simulator refuses a credential of another day than its signature", async () => {
  const { simulator } = await setup();

  const code = await rawCall(simulator.url, {
    rewrite: (authorization) => authorization.replace(/\d{4}-\d\d-\d\d/, "2020-01-01"),
  });

  expect(code).toBe("AuthFailure.SignatureFailure");
});

test("the Tencent simulator accepts a host that was signed with its port", async () => {
  const { simulator } = await setup();

  expect(await rawCall(simulator.url, {})).toBe("ResourceNotFound");
});

test.each([
  ["{", "InvalidParameter"],
  ["[]", "InvalidParameter"],
  ["null", "InvalidParameter"],
  [`{"SubAppId":"1"}`, "InvalidParameter"],
  [`{"Limit":16}`, "UnknownParameter"],
])("the Tencent simulator refuses a pull with the body %s", async (body, code) => {
  const { simulator } = await setup();

  expect(await rawCall(simulator.url, { body })).toBe(code);
});

test.each([
  [{}, "MissingParameter"],
  [{ EventHandles: "one" }, "InvalidParameter"],
  [{ EventHandles: [] }, "InvalidParameterValue"],
  [{ EventHandles: [""] }, "InvalidParameterValue"],
  [{ EventHandles: Array.from({ length: 17 }, String) }, "InvalidParameterValue"],
])("the Tencent simulator refuses a confirmation with the parameters %j", async (parameters, code) => {
  const { client } = await setup();

  expect(await outcomeOf(client.request("ConfirmEvents", parameters))).toBe(code);
});

test("the Tencent simulator refuses calls beyond the quota of a second, for each action apart", async () => {
  const { simulator, client } = await setup({ callsPerSecond: 3 });

  const outcomes = await Promise.all(Array.from({ length: 40 }, () => outcomeOf(client.PullEvents({}))));

  // The burst may fall into several seconds, each with three calls that get through.
  const passed = outcomes.filter((outcome) => outcome === "ResourceNotFound").length;
  expect(passed).toBeGreaterThanOrEqual(3);
  expect(passed).toBeLessThan(40);
  expect(outcomes.filter((outcome) => outcome === "RequestLimitExceeded")).toHaveLength(40 - passed);
  expect(await outcomeOf(client.DescribeEventConfig({}))).toBe("ok");
  expect(simulator.stats()).toMatchObject({
    calls: { PullEvents: 40, DescribeEventConfig: 1 },
    outcomes: { ok: 1, ResourceNotFound: passed, RequestLimitExceeded: 40 - passed },
  });
});

test("the Tencent simulator refuses a denied action by name", async () => {
  const { client } = await setup({ denied: ["ConfirmEvents"] });

  await expect(client.ConfirmEvents({ EventHandles: ["x"] })).rejects.toMatchObject({
    code: "UnauthorizedOperation",
    message: expect.stringContaining("vod:ConfirmEvents"),
  });
  expect(await outcomeOf(client.PullEvents({}))).toBe("ResourceNotFound");
});

test("the Tencent simulator refuses a body beyond 10 MB", async () => {
  const { simulator } = await setup();

  expect(await rawCall(simulator.url, { body: `"${"x".repeat(10 * 1024 * 1024)}"` })).toBe("RequestSizeLimitExceeded");
});

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

/** A call signed by hand, then changed; its error code. */
async function rawCall(
  url: string,
  {
    headers = {},
    body = "{}",
    rewrite = (authorization) => authorization,
  }: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly rewrite?: (authorization: string) => string;
  },
): Promise<string> {
  const timestamp = nowS();
  const authorization = authorize({
    ...CREDENTIALS,
    method: "POST",
    headers: [
      ["content-type", "application/json"],
      ["host", new URL(url).host],
    ],
    body,
    timestamp,
    service: "vod",
  });
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      authorization: rewrite(authorization),
      "x-tc-action": "PullEvents",
      "x-tc-version": "2018-07-17",
      "x-tc-timestamp": String(timestamp),
      ...headers,
    },
  });
  const text = await response.text();
  return /"Code":"([\w.]+)"/.exec(text)?.[1] ?? text;
}
