import { expect, test } from "vitest";
import { outcomeOf, pullHandles, setup } from "./setup.ts";

test("in the Tencent simulator each application has its own events, and each call must name one", async () => {
  const { simulator, client } = await setup({ subAppIds: [1_500_000_001, 1_500_000_002] });
  simulator.publish("NewFileUpload", { subAppId: 1_500_000_002 });

  expect(await outcomeOf(client.PullEvents({}))).toBe("InvalidParameterValue");
  expect(await outcomeOf(client.PullEvents({ SubAppId: 7 }))).toBe("FailedOperation.InvalidVodUser");
  expect(await pullHandles(client, 1_500_000_001)).toEqual([]);
  const [handle = ""] = await pullHandles(client, 1_500_000_002);
  expect(await outcomeOf(client.ConfirmEvents({ SubAppId: 1_500_000_001, EventHandles: [handle] }))).toBe(
    "InvalidParameterValue",
  );
  expect(await outcomeOf(client.ConfirmEvents({ SubAppId: 1_500_000_002, EventHandles: [handle] }))).toBe("ok");
  expect(() => simulator.publish("NewFileUpload", { subAppId: 7 })).toThrow("no application 7");
});

test("an account of the Tencent simulator with only its default application knows no SubAppId", async () => {
  const { client } = await setup();

  expect(await outcomeOf(client.PullEvents({ SubAppId: 1_500_000_001 }))).toBe("FailedOperation.InvalidVodUser");
});

test("in PUSH mode nothing can be pulled from the Tencent simulator, until the application is set to PULL", async () => {
  const { simulator, client } = await setup({
    mode: "PUSH",
    switches: { upload: false, delete: true, persistence: true },
  });
  simulator.publish("NewFileUpload");

  expect(await client.DescribeEventConfig({})).toMatchObject({
    Mode: "PUSH",
    UploadMediaCompleteEventSwitch: "OFF",
    DeleteMediaCompleteEventSwitch: "ON",
  });
  expect(await pullHandles(client)).toEqual([]);
  await client.ModifyEventConfig({ Mode: "PULL", UploadMediaCompleteEventSwitch: "ON" });

  expect(await client.DescribeEventConfig({})).toMatchObject({ Mode: "PULL", UploadMediaCompleteEventSwitch: "ON" });
  expect(await pullHandles(client)).toHaveLength(1);
});

test("the Tencent simulator counts the events to pull", async () => {
  const { simulator, client } = await setup();
  simulator.publish("NewFileUpload", { count: 20 });
  await pullHandles(client);

  expect(await client.DescribeEventsState({})).toMatchObject({ CountOfEventsToPull: 4 });
});
