import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { freePort } from "../support/free-port.ts";
import { startFleetControl } from "../../src/simulators/fleet-control.ts";
import { type Fleet, type FleetOptions, startFleet } from "../../src/simulators/fleet.ts";
import { openReceivers, openSources } from "../../src/worker/doors.ts";
import { pullUntil } from "../contracts/source-trial.ts";
import { callbackServer } from "../support/callback-server.ts";

const ALL = {
  "tencent-vod": {},
  "tencent-vod-push": {},
  "alibaba-mns": {},
  "alibaba-vod": {},
  zegocloud: {},
  "aws-sqs": {},
} satisfies FleetOptions;
const SUFFIX = "a-suffix-nobody-guesses";
const PULLED = {
  "tencent-vod": "tencent-vod",
  "alibaba-mns": "alibaba-vod/mns/vod-events",
  "aws-sqs": "aws-mediaconvert/local/mediaconvert",
} as const;
const PUSHED = { "tencent-vod-push": "tencent-vod", "alibaba-vod": "alibaba-vod", zegocloud: "zegocloud" } as const;

describe("a worker with the settings of a fleet of simulators", () => {
  test.each(["tencent-vod", "alibaba-mns", "aws-sqs"] as const)("pulls from %s, which records it", async (name) => {
    const fleet = await open(ALL);
    const { sources } = await workerOf(fleet);
    const door = fleet.doors[name];
    const source = sources.find((one) => one.name === PULLED[name]);
    if (!source) throw new Error(`${name} is not open`);
    const id = door.publish();
    const receipts = (await pullUntil(source, 1)).map(({ receipt }) => receipt);
    expect(door.heard(id)).toMatchObject({ timesDelivered: 1, confirmations: 0 });

    expect(await source.confirm(receipts)).toEqual({ refused: [] });

    expect(door.heard(id)).toMatchObject({ confirmations: 1, confirmedAt: expect.any(Number) });
    expect(door.counts()).toEqual({ published: 1, confirmed: 1, unconfirmed: 0, lost: 0, redelivered: 0 });
  });

  test.each(["tencent-vod-push", "alibaba-vod", "zegocloud"] as const)(
    "accepts the calls of %s at the path of its receiver",
    async (name) => {
      const fleet = await open(ALL, { suffix: SUFFIX });
      const { receivers, calls } = await workerOf(fleet);
      const door = fleet.doors[name];
      const receiver = receivers.find(({ vendor }) => vendor === PUSHED[name]);

      const id = door.publish();
      await vi.waitFor(() => expect(door.heard(id)?.confirmations).toBe(1));

      const [call] = calls;
      expect(call?.path).toBe(`${receiver?.path}/${SUFFIX}`);
      const headers = Object.fromEntries(
        Object.entries(call?.headers ?? {}).map(([key, value]) => [key, String(value)]),
      );
      expect(receiver?.receive({ headers, body: new TextEncoder().encode(call?.text) })).toHaveLength(1);
      expect(door.counts()).toEqual({ published: 1, confirmed: 1, unconfirmed: 0, lost: 0, redelivered: 0 });
    },
  );
});

describe("a fleet of simulators", () => {
  test("gives settings for its open doors, and no others", async () => {
    const { env } = await open({ zegocloud: { secret: "hush" } }, { suffix: "s" });

    expect(env).toEqual({ ZEGO_CALLBACK_SECRETS: "hush", CALLBACK_SUFFIX: "s" });
  });

  test("delivers an event with a given body unchanged", async () => {
    const fleet = await open({ "aws-sqs": {} });
    const { sources } = await workerOf(fleet);
    const door = fleet.doors["aws-sqs"];
    const event = { ...door.sample("COMPLETE"), Mine: 1 };

    door.publish(event);

    const [source] = sources;
    expect(source && (await pullUntil(source, 1))).toMatchObject([{ type: "COMPLETE", body: event }]);
  });

  test("counts lost events over all doors", async () => {
    const fleet = await open({ "alibaba-vod": { pauseMs: 1 }, zegocloud: { pace: 0 }, "alibaba-mns": {} });
    const { url, calls } = await callbackServer(503);
    fleet.callWorkerAt(new URL(url).origin);

    for (const door of Object.values(fleet.doors)) door.publish(door.sample());
    await vi.waitFor(() => expect(fleet.counts().lost).toBe(2));

    expect(fleet.counts()).toEqual({
      published: 3,
      confirmed: 0,
      unconfirmed: 1,
      lost: 2,
      redelivered: calls.length - 2,
    });
  });

  test("sends no call before it knows the worker's address", async () => {
    const { doors } = await open({ zegocloud: {} });

    expect(() => doors.zegocloud.publish()).toThrow("no worker to call yet");
  });

  test("sends nothing through doors without a rate, and through others until its traffic is closed", async () => {
    const { doors, startTraffic, counts } = await open({ "tencent-vod": {}, "alibaba-mns": {} });
    const log = vi.fn<(line: string) => void>();

    const traffic = startTraffic({ "tencent-vod": 1_000 }, { most: 20, log });
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith("20 events are unconfirmed: publishing pauses"));
    traffic.close();

    expect(doors["alibaba-mns"].counts().published).toBe(0);
    expect(counts()).toMatchObject({ published: 20, unconfirmed: 20 });
  });

  test("that cannot be opened completely leaves nothing open", async () => {
    const other = await open({ "tencent-vod": {} });
    const taken = Number(new URL(other.doors["tencent-vod"].simulator.url).port);
    const port = await freePort();

    await expect(startFleet({ "alibaba-mns": { port: taken }, "aws-sqs": { port } })).rejects.toThrow("EADDRINUSE");

    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow("fetch failed");
  });

  test("may be closed twice", async () => {
    const fleet = await open(ALL);
    const { url } = fleet.doors["aws-sqs"].simulator;

    await Promise.all([fleet.close(), fleet.close()]);

    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("a fleet's control address", () => {
  test("publishes events through any door, by type or with a given body", async () => {
    const { doors, post, url } = await setupControl();

    expect(await post({ door: "aws-sqs", type: "COMPLETE", count: 2 })).toMatchObject({ status: 201 });
    await post({ door: "alibaba-mns", body: { EventType: "Own" } });
    await post({ door: "alibaba-mns" });

    expect(doors["aws-sqs"].simulator.history()).toMatchObject([{ type: "COMPLETE" }, { type: "COMPLETE" }]);
    expect(doors["alibaba-mns"].simulator.history()).toMatchObject([{ type: "Own" }, { type: "FileUploadComplete" }]);
    const stats: unknown = await (await fetch(`${url}/control/stats`)).json();
    expect(stats).toMatchObject({ "aws-sqs": { published: 2 }, "alibaba-mns": { published: 2 } });
  });

  test.each([
    [{ door: "zegocloud" }, "no door zegocloud is open; there is alibaba-mns, aws-sqs"],
    [{ door: "front" }, "door"],
    [{ door: "aws-sqs", type: "COMPLETE", body: {} }, "give either type or body"],
  ])("refuses %j with a reason", async (request, reason) => {
    const { post } = await setupControl();

    expect(await post(request)).toEqual({ status: 400, text: expect.stringContaining(reason) });
  });

  test("answers 404 for what does not exist", async () => {
    const { url } = await setupControl();

    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/control/events/message-1`)).status).toBe(404);
  });
});

async function open<O extends FleetOptions>(options: O, settings?: { readonly suffix: string }) {
  const fleet = await startFleet(options, settings);
  onTestFinished(() => fleet.close());
  return fleet;
}

/** The sources and receivers of a worker with these settings, and the calls that came for it. */
async function workerOf({ env, callWorkerAt }: Pick<Fleet, "env" | "callWorkerAt">) {
  const { url, calls } = await callbackServer(200);
  callWorkerAt(new URL(url).origin);
  const config = readConfig(env);
  const sources = await openSources(config, pino({ level: "silent" }));
  onTestFinished(() => {
    for (const source of sources) source.close();
  });
  return { sources, receivers: await openReceivers(config), calls };
}

async function setupControl() {
  const { doors } = await open({ "alibaba-mns": {}, "aws-sqs": {} });
  const { url, close } = await startFleetControl(doors);
  onTestFinished(close);
  const post = async (request: object) => {
    const answer = await fetch(`${url}/control/events`, { method: "POST", body: JSON.stringify(request) });
    return { status: answer.status, text: await answer.text() };
  };
  return { doors, url, post };
}
