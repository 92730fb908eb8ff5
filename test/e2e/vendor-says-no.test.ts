import { describe, expect, test, vi } from "vitest";
import type { SimulatorOptions } from "../../src/simulators/tencent-vod/server.ts";
import { becomesReady, isNotReadyFor, metric } from "../support/probes.ts";
import { WITHOUT_PROXIES } from "../support/process.ts";
import { setupWorld } from "../support/worker-process.ts";

async function setup(account: Partial<SimulatorOptions> = {}, env: Record<string, string> = {}) {
  const world = await setupWorld(account);
  const worker = await world.embed(env);
  return {
    ...world,
    worker,
    /** An event that comes now is handled, once, and confirmed, once. */
    async works(key = "mended"): Promise<void> {
      await becomesReady(worker);
      world.publish(key);
      await world.allConfirmed();
      expect(world.runsOf(key).map(({ phase }) => phase)).toEqual(["start", "success"]);
      expect(world.seen(key).confirmations).toBe(1);
    },
  };
}

describe.concurrent("a refused call is logged with its fix, and the worker goes on:", () => {
  test.each<[what: string, account: Partial<SimulatorOptions>, env: Record<string, string>, said: RegExp]>([
    [
      "a wrong secret key",
      {},
      { TENCENTCLOUD_SECRET_KEY: "another-key" },
      /AuthFailure\.SignatureFailure: .*check TENCENTCLOUD_SECRET_KEY: the signature was refused/,
    ],
    [
      "an unknown secret id",
      {},
      { TENCENTCLOUD_SECRET_ID: "another-id" },
      /AuthFailure\.SecretIdNotFound: .*check TENCENTCLOUD_SECRET_ID: there is no such key/,
    ],
    [
      "no SubAppId where one is needed",
      { subAppIds: [1_500_000_001] },
      { TENCENT_VOD_SUB_APP_IDS: "" },
      /InvalidParameterValue: .*check TENCENT_VOD_SUB_APP_IDS: .* must name their application/,
    ],
    [
      "a SubAppId of somebody else",
      { subAppIds: [1_500_000_001] },
      { TENCENT_VOD_SUB_APP_IDS: "1500000002" },
      /FailedOperation\.InvalidVodUser: .*check TENCENT_VOD_SUB_APP_IDS/,
    ],
  ])("%s", async (_, account, env, said) => {
    const { worker } = await setup(account, env);

    await isNotReadyFor(worker, said);

    expect(await worker.line("pull failed, will go on trying")).toMatchObject({ level: 50, fix: expect.any(String) });
    expect(worker.text()).not.toContain("another-key");
  });

  test("a clock that is behind is reported with the difference, until it is set", async () => {
    const { worker, simulator, works } = await setup({ clockOffsetMs: 400_000 });

    await isNotReadyFor(
      worker,
      /SignatureExpire: .*set this machine's clock, best by NTP.*it is 6 min (39|40) s behind/,
    );
    expect(await worker.line("pull failed")).toMatchObject({ level: 50, fix: expect.stringContaining("NTP") });

    simulator.set({ clockOffsetMs: 0 });
    await works();
    expect(worker.lines().filter(({ level }) => level === 50)).toHaveLength(2);
  });

  test("a clock that is ahead is reported with the difference", async () => {
    const { worker } = await setup({ clockOffsetMs: -7_200_000 });

    await isNotReadyFor(worker, /SignatureExpire: .*set this machine's clock, best by NTP.*it is 120 min [01] s ahead/);
  });
});

describe.concurrent("a missing permission is reported by name:", () => {
  test("to pull: no event arrives until the permission is given", async () => {
    const { worker, simulator, works } = await setup({ denied: ["PullEvents"] });

    await isNotReadyFor(worker, /PullEvents: UnauthorizedOperation: .*allow this key the action vod:PullEvents/);

    simulator.set({ denied: [] });
    await works();
  });

  test("to confirm: handled events wait for the permission, and are not handled again", async () => {
    const { worker, simulator, publish, seen, runsOf, allConfirmed } = await setup({
      denied: ["ConfirmEvents"],
      windowMs: 1_000,
    });
    await becomesReady(worker);
    publish("handled");

    await isNotReadyFor(worker, /ConfirmEvents: UnauthorizedOperation: .*allow this key the action vod:ConfirmEvents/);
    expect(await worker.line("nothing can be confirmed")).toMatchObject({
      level: 50,
      fix: expect.stringContaining("vod:ConfirmEvents"),
    });
    await vi.waitFor(() => expect(seen("handled").timesDelivered).toBeGreaterThan(2));
    expect(seen("handled").confirmations).toBe(0);

    simulator.set({ denied: [] });
    await allConfirmed();
    await becomesReady(worker);
    expect(runsOf("handled").map(({ phase }) => phase)).toEqual(["start", "success"]);
    expect(worker.lines().filter(({ msg }) => msg.startsWith("nothing can be confirmed"))).toHaveLength(1);
  });

  test("to read the settings, or the number of waiting events: everything else works", async () => {
    const { worker, simulator, works, embed } = await setup({ denied: ["DescribeEventConfig"] });
    expect(await worker.line("DescribeEventConfig: UnauthorizedOperation")).toMatchObject({
      level: 40,
      fix: expect.stringContaining("vod:DescribeEventConfig"),
    });

    simulator.set({ denied: ["DescribeEventsState"] });
    const other = await embed();
    expect(await other.line("how many events wait cannot be told")).toMatchObject({
      level: 40,
      fix: expect.stringContaining("vod:DescribeEventsState"),
    });
    await becomesReady(other);
    await works();
    expect(await metric(other, 'source_backlog{source="tencent-vod"}')).toBeUndefined();
    expect(await metric(other, 'source_unconfirmed{source="tencent-vod"}')).toBe(0);
  });
});

describe.concurrent("settings of the Tencent account:", () => {
  test("PUSH mode is reported with its fix, and pulling starts as soon as the account is in PULL mode", async () => {
    const { worker, simulator, publish, runsOf, works } = await setup({ mode: "PUSH" });
    publish("while pushed");

    await isNotReadyFor(
      worker,
      /events are pushed to a URL \(Mode PUSH\), so that there is nothing to pull; in the VOD/,
    );
    expect(await worker.line("events are pushed to a URL")).toMatchObject({
      level: 50,
      fix: expect.stringContaining("ModifyEventConfig with Mode PULL"),
    });
    expect(runsOf("while pushed")).toEqual([]);

    simulator.set({ mode: "PULL" });
    await works();
    expect(runsOf("while pushed").at(-1)).toMatchObject({ phase: "success" });
    expect(await worker.line("events are set to be pulled")).toMatchObject({ level: 30 });
  });

  test("each switch that is OFF gives a warning for the type of event that never arrives", async () => {
    const { worker, works } = await setup({ switches: { upload: false, delete: false, persistence: true } });

    expect(await worker.line("NewFileUpload events will never come")).toMatchObject({
      level: 40,
      fix: expect.stringContaining("UploadMediaCompleteEventSwitch ON"),
    });
    expect(await worker.line("FileDeleted events will never come")).toMatchObject({ level: 40 });
    await works();
    expect(worker.text()).not.toContain("PersistenceComplete events");
  });
});

describe.concurrent("a vendor that is busy or broken:", () => {
  test("while others use up the quota the worker backs off, and every event is handled once", async () => {
    const { worker, simulator, publish, runs, allConfirmed } = await setup({ callsPerSecond: 4, windowMs: 5_000 });
    for (let n = 0; n < 120; n++) publish(`event ${n}`);

    await allConfirmed();
    await becomesReady(worker);

    expect(worker.text()).toContain("RequestLimitExceeded");
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(120);
    expect(simulator.stats().confirmed).toBe(120);
  });

  test("if only its count of waiting events fails, the worker stays ready", async () => {
    const { simulator, embed, publish, allConfirmed } = await setupWorld();
    simulator.faults.inject({ action: "DescribeEventsState", kind: "http-500", probability: 1 });
    const worker = await embed();
    await worker.line("how many events wait cannot be told: DescribeEventsState: HTTP 500");
    publish("event");
    await allConfirmed();
    await becomesReady(worker);

    expect(await metric(worker, 'source_backlog{source="tencent-vod"}')).toBeUndefined();
    expect(worker.lines().filter(({ level }) => level >= 50)).toEqual([]);
  });

  test("a proxy that this Node cannot use is logged at the start, and calls go directly", async () => {
    const { start, publish, allConfirmed } = await setupWorld();

    const worker = await start({ HTTP_PROXY: "http://127.0.0.1:1", ...WITHOUT_PROXIES });

    await worker.line("HTTP_PROXY: Node");
    publish("event");
    await allConfirmed();
  });

  test("through every failure at once the worker waits, and nothing is lost or handled twice", async () => {
    const { worker, simulator, publish, runs, works } = await setup();
    for (const kind of ["http-500", "drop-before", "non-json", "no-response-member"] as const) {
      simulator.faults.inject({ action: "PullEvents", kind });
      simulator.faults.inject({ action: "ConfirmEvents", kind });
    }
    for (let n = 0; n < 20; n++) publish(`event ${n}`);

    await works();

    expect(simulator.faults.list().every(({ hits }) => hits === 1)).toBe(true);
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(21);
    expect(await metric(worker, 'calls_total{source="tencent-vod",action="pull",outcome="outage"}')).toBe(4);
  });
});
