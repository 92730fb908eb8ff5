import { expect, test, vi } from "vitest";
import { simulate } from "../../../src/simulators/tencent-vod/simulate.ts";
import { connect, pullEvents } from "./setup.ts";
import { commandContract, portContract, startCommand } from "../command-trial.ts";

test("the Tencent simulator prints how to reach it, and publishes events until it is closed", async () => {
  const { lines, url, running } = await run("--port=0", "--rate=200", "--types", "FileDeleted,ClipComplete");

  const client = connect(url, { secretId: "simulator", secretKey: "simulator" });
  const types = await vi.waitUntil(async () => {
    const events = await pullEvents(client);
    return events.length > 1 && new Set(events.map(({ EventType }) => EventType));
  });

  expect(types).toEqual(new Set(["FileDeleted", "ClipComplete"]));
  expect(lines.join("\n")).toContain(`TENCENTCLOUD_SECRET_ID=simulator`);
  expect(lines.join("\n")).toContain(`TENCENT_VOD_ENDPOINT=${url}`);
  expect(lines.join("\n")).toContain(`curl ${url}/control/events`);
  await running.close();
  await expect(fetch(`${url}/control/stats`)).rejects.toThrow("fetch failed");
});

test("the Tencent simulator's options reach the simulated account", async () => {
  const flags =
    "--port 0 --rate 0 --window-ms 1500 --handles same --stale accept-silently " +
    "--sub-app-ids 1500000001,1500000002 --secret-id AKIDx --secret-key hush";
  const { lines, url } = await run(...flags.split(" "));

  const settings = await (await fetch(`${url}/control/settings`)).json();

  expect(settings).toMatchObject({
    windowMs: 1500,
    handles: "same",
    staleHandles: "accept-silently",
    subAppIds: [1_500_000_001, 1_500_000_002],
  });
  expect(lines.join("\n")).toContain("TENCENT_VOD_SUB_APP_IDS=1500000001,1500000002");
  expect(lines.join("\n")).not.toContain("hush");
});

test("the Tencent simulator publishes events for every application", async () => {
  const { url } = await run("--port=0", "--rate=500", "--types=FileDeleted", "--sub-app-ids=1,2");
  const client = connect(url, { secretId: "simulator", secretKey: "simulator" });

  for (const subAppId of [1, 2]) {
    await vi.waitUntil(async () => (await pullEvents(client, subAppId)).length > 0);
  }
});

test("the Tencent simulator pauses publishing while too many events are unconfirmed", async () => {
  const { lines, url } = await run("--port=0", "--rate=1000", "--max-unconfirmed=20");

  await vi.waitFor(() => expect(lines.at(-1)).toBe("20 events are unconfirmed: publishing pauses"));

  expect(await (await fetch(`${url}/control/stats`)).json()).toMatchObject({ published: 20, unconfirmed: 20 });
});

commandContract(simulate, {
  option: "--window-ms",
  mistakes: [
    ["--port=high", "--port: must be a whole number"],
    ["--port=70000", "--port"],
    ["--rate=-1", "--rate: must be a number"],
    ["--types=Nonsense", "there is no event type Nonsense"],
    ["--handles=old", "--handles"],
    ["--sub-app-ids=1,x", "--sub-app-ids: must be positive whole numbers"],
  ],
});
portContract(simulate);

function run(...argv: readonly string[]) {
  return startCommand(simulate, ...argv);
}
