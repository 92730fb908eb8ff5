import { describe, expect, test } from "vitest";
import { becomesReady, metric, readiness, wantsAttentionFor } from "../support/probes.ts";
import { setupWorld } from "../support/worker-process.ts";

describe.concurrent("the readiness of a worker does not flap:", () => {
  test("it stays ready while every tenth pull fails", { timeout: 120_000 }, async () => {
    const { simulator, embed, publish } = await setupWorld({ windowMs: 20_000 });
    const worker = await embed();
    await becomesReady(worker);
    simulator.faults.inject({ action: "PullEvents", kind: "http-500", probability: 0.1 });
    const failed = 'calls_total{source="tencent-vod",action="pull",outcome="outage"}';
    const seen: unknown[] = [];

    for (let probe = 0; probe < 80 || ((await metric(worker, failed)) ?? 0) <= 5; probe++) {
      for (let n = 0; n < 5; n++) publish(`event ${probe}.${n}`);
      seen.push(await readiness(worker));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }

    const ready = { status: 200, state: "ready", ready: true, problems: [] };
    expect(seen).toEqual(seen.map(() => ready));
  });
});

describe.concurrent("a worker that makes progress stays ready and asks for attention if", () => {
  test("no process has the role work", { timeout: 120_000 }, async () => {
    const { embed, publish, allConfirmed } = await setupWorld();
    const puller = await embed({ ROLES: "pull,http" });
    for (let n = 0; n < 5; n++) publish(`waiting ${n}`);

    await wantsAttentionFor(puller, /^no process has the role work: 5 events wait and nobody handles them; start one/);
    expect(await metric(puller, "ready")).toBe(1);
    expect(await metric(puller, 'state{state="attention"}')).toBe(1);
    expect(await metric(puller, 'problem{code="role-unfilled"}')).toBe(1);
    expect(await puller.line("no process has the role work")).toMatchObject({ level: 40, code: "role-unfilled" });

    await embed({ ROLES: "work" });
    await allConfirmed();
    await becomesReady(puller, 40_000);
    expect(await metric(puller, 'problem{code="role-unfilled"}')).toBe(0);
  });

  test("no process has the role pull", { timeout: 120_000 }, async () => {
    const { embed, publish, allConfirmed } = await setupWorld();
    const worker = await embed({ ROLES: "work,http" });
    publish("stays at the vendor");

    await wantsAttentionFor(worker, /^tencent-vod: no process has the role pull: nobody pulls, events stay at the ve/);

    await embed({ ROLES: "pull" });
    await allConfirmed();
    await becomesReady(worker, 40_000);
  });

  test("a large part of the events is parked", { timeout: 120_000 }, async () => {
    const { embed, publish } = await setupWorld();
    const worker = await embed();
    for (let n = 0; n < 25; n++) publish(`event ${n}`, { permanent: n % 5 < 2 });

    await wantsAttentionFor(worker, /^10 of the last 25 events were parked; see on the desk why they fail/);
    expect(await (await fetch(`${worker.pagesUrl}/`)).text()).toContain("Ready, and something needs attention");
  });

  test("most attempts to handle a type fail", { timeout: 120_000 }, async () => {
    const { embed, publish } = await setupWorld();
    const worker = await embed({ BACKOFF_MS: "100" });
    for (let n = 0; n < 4; n++) publish(`bad ${n}`, { failures: 1_000 });

    await wantsAttentionFor(worker, /^tencent-vod: \d+ of the last \d+ attempts to handle NewFileUpload failed; see/);
  });

  test("confirmations take 3 s", { timeout: 120_000 }, async () => {
    const { simulator, embed, publish } = await setupWorld({ windowMs: 20_000 });
    const worker = await embed();
    simulator.faults.inject({ action: "ConfirmEvents", kind: "latency", ms: 3_000, probability: 1 });
    for (let n = 0; n < 60; n++) publish(`event ${n}`);

    await wantsAttentionFor(
      worker,
      /^tencent-vod: a confirmation takes 3\.\d s, and is given up after 5 s; check the ve/,
    );
  });
});
