import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { simulate } from "../../../src/simulators/alibaba-mns/simulate.ts";
import { createMnsSource } from "../../../src/vendors/alibaba-vod/pull/source.ts";
import { UNREADABLE } from "../../../src/core/event.ts";
import { commandContract, portContract, startCommand } from "../command-trial.ts";

test("the MNS simulator prints how to reach it, and publishes events until it is closed", async () => {
  const { lines, url, running, source } = await run("--port=0", "--rate=200", "--base64", "--queues=one,two");

  const types = new Set<string>();
  await vi.waitFor(async () => {
    for (const queue of ["one", "two"]) {
      for (const { type } of (await source(queue).pull(16)).deliveries) types.add(type);
    }
    expect(types).toContain("SnapshotComplete");
    expect(types.size).toBeGreaterThan(5);
  });

  expect(types).not.toContain(UNREADABLE);
  expect(lines.join("\n")).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID=simulator");
  expect(lines.join("\n")).toContain("ALIBABA_MNS_QUEUES=one,two");
  expect(lines.join("\n")).toContain(`ALIBABA_MNS_ENDPOINT=${url}`);
  await running.close();
  await expect(fetch(`${url}/control/stats`)).rejects.toThrow("fetch failed");
});

test("the MNS simulator takes events by curl, shows their history, and lets calls fail on request", async () => {
  const { url, source } = await run("--port=0", "--rate=0");

  await control(url, "POST", "events", { type: "SnapshotComplete", count: 2 });
  await control(url, "POST", "events", { body: "no event at all" });
  const { deliveries } = await source("vod-events").pull(16);
  await source("vod-events").confirm([deliveries[0]?.receipt ?? ""]);
  await control(url, "POST", "faults", { kind: "error", code: "AccessDenied" });

  expect(deliveries.map(({ type }) => type)).toEqual(["SnapshotComplete", "SnapshotComplete", UNREADABLE]);
  await expect(source("vod-events").pull(16)).rejects.toMatchObject({ kind: "configuration" });
  expect(await control(url, "GET", "events?limit=1")).toMatchObject({
    events: [{ id: "message-1", state: "confirmed" }],
    next: "message-1",
  });
  expect(await control(url, "GET", "events?after=message-1")).toMatchObject({ events: [{}, {}], next: null });
  expect(await control(url, "GET", "stats")).toMatchObject({ published: 3, confirmed: 1 });
  expect(await control(url, "GET", "faults")).toMatchObject({ faults: [{ hits: 1 }] });
});

test.each([
  ["events", { type: "A", body: {} }, "either type or body"],
  ["events", { type: "A", count: 0 }, "count"],
  ["faults", { kind: "flood" }, "kind"],
  ["settings", { visibilityMs: "long" }, "visibilityMs"],
])("the MNS simulator refuses a control call to %s with %j, and says why", async (path, body, reason) => {
  const { url } = await run("--port=0", "--rate=0");

  expect(await control(url, "POST", path, body)).toEqual({ error: expect.stringContaining(reason) });
});

test("the MNS simulator refuses control calls from web pages", async () => {
  const { url } = await run("--port=0", "--rate=0");

  const answer = await fetch(`${url}/control/stats`, { headers: { origin: "http://evil.example" } });

  expect(answer.status).toBe(403);
});

test("the MNS simulator's options reach the simulated account", async () => {
  const flags =
    "--port 0 --rate 0 --visibility-ms 1500 --long-polls 3 --access-key-id LTAIx --access-key-secret hush --queues q";
  const { lines, url } = await run(...flags.split(" "));

  expect(await control(url, "GET", "settings")).toMatchObject({ visibilityMs: 1_500, longPolls: 3, queues: ["q"] });
  expect(lines.join("\n")).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIx");
  expect(lines.join("\n")).not.toContain("hush");
});

test("the MNS simulator pauses publishing while too many events are unconfirmed", async () => {
  const { lines, url } = await run("--port=0", "--rate=1000", "--max-unconfirmed=20");

  await vi.waitFor(() => expect(lines.at(-1)).toBe("20 events are unconfirmed: publishing pauses"));

  expect(await control(url, "GET", "stats")).toMatchObject({ published: 20, unconfirmed: 20 });
});

commandContract(simulate, {
  option: "--visibility-ms",
  mistakes: [
    ["--port=high", "--port: must be a whole number"],
    ["--port=70000", "--port"],
    ["--rate=-1", "--rate: must be a number"],
    ["--queues=a b", "--queues: must be names"],
    ["--access-key-id=a:b", "--access-key-id"],
  ],
});
portContract(simulate);

async function run(...argv: readonly string[]) {
  const command = await startCommand(simulate, ...argv);
  const source = (queue: string) => {
    const keys = { accessKeyId: "simulator", accessKeySecret: "simulator" };
    const made = createMnsSource({ ...keys, endpoint: command.url, queue, log: pino({ level: "silent" }) });
    onTestFinished(made.close);
    return made;
  };
  return { ...command, source };
}

async function control(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return (await fetch(`${url}/control/${path}`, init)).json();
}
