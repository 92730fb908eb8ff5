import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { setupWorld } from "../support/worker-process.ts";

async function setup(extra: Record<string, string> = {}) {
  const world = await setupWorld();
  const worker = await world.embed({ BACKOFF_MS: "20", ...extra });
  return { ...world, worker };
}

describe("promise 1: an event is confirmed only after its handler succeeded", () => {
  test("while its handler runs, the vendor gets no confirmation", async () => {
    const { publish, runsOf, seen, allConfirmed } = await setup();
    publish("slow", { ms: 1_000 });
    await allConfirmed();
    const success = runsOf("slow").find(({ phase }) => phase === "success");
    expect(seen("slow").confirmedAt).toBeGreaterThanOrEqual(success?.at ?? Infinity);
    expect(seen("slow").confirmations).toBe(1);
  });

  test("an event whose handler fails at first is tried again, and confirmed after the attempt that succeeds", async () => {
    const { publish, runsOf, seen, allConfirmed } = await setup();
    publish("flaky", { failures: 3 });
    await allConfirmed();
    expect(runsOf("flaky").map(({ phase }) => phase)).toEqual([
      "start",
      "failure",
      "start",
      "failure",
      "start",
      "failure",
      "start",
      "success",
    ]);
    expect(seen("flaky").confirmedAt).toBeGreaterThanOrEqual(runsOf("flaky").at(-1)?.at ?? Infinity);
  });

  test("an event whose handler never succeeds is never confirmed, however often the vendor delivers it", async () => {
    const { publish, runsOf, seen } = await setup({ ATTEMPTS: "2" });
    publish("hopeless", { failures: 99 });
    await vi.waitFor(() => expect(seen("hopeless").timesDelivered).toBeGreaterThan(2));
    expect(runsOf("hopeless").filter(({ phase }) => phase === "start")).toHaveLength(2);
    expect(seen("hopeless").confirmations).toBe(0);
  });

  test("an event whose type has no handler is parked and not confirmed", async () => {
    const { simulator, worker } = await setup();
    const [id = ""] = simulator.publish("TranscodeComplete");
    await worker.line("parked: it stays");
    await vi.waitFor(() => expect(simulator.find(id)?.timesDelivered).toBeGreaterThan(1));
    expect(simulator.find(id)?.confirmations).toBe(0);
  });

  test("UNHANDLED=confirm drops an event whose type has no handler, logged and counted", async () => {
    const { simulator, worker, allConfirmed } = await setup({ UNHANDLED: "confirm" });
    simulator.publish("TranscodeComplete");
    await allConfirmed();
    expect(worker.lines()).toContainEqual(
      expect.objectContaining({ type: "TranscodeComplete", msg: expect.stringContaining("UNHANDLED=confirm") }),
    );
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    expect(metrics).toContain(
      'reliable_callback_dropped_total{source="tencent-vod",type="TranscodeComplete",why="unhandled"} 1',
    );
  });

  test("PARKED=confirm confirms a parked event at its next delivery, and keeps it for the operator", async () => {
    const { publish, runsOf, worker, allConfirmed } = await setup({ PARKED: "confirm" });
    publish("hopeless", { permanent: true });
    await allConfirmed();
    expect(runsOf("hopeless").map(({ phase }) => phase)).toEqual(["start", "failure"]);
    expect(worker.lines()).toContainEqual(expect.objectContaining({ msg: expect.stringContaining("PARKED=confirm") }));
    expect(await (await fetch(`${worker.pagesUrl}/status.json`)).json()).toMatchObject({ queue: { parked: 1 } });
  });

  test("Retry on the dashboard handles a parked event and confirms it", async () => {
    const { publish, seen, folder, worker, allConfirmed, runsOf } = await setup({ ATTEMPTS: "1" });
    const file = join(folder, "mended");
    publish("mended-later", { failsWithout: file });
    await worker.line("parked: it stays");
    await vi.waitFor(() => expect(seen("mended-later").timesDelivered).toBeGreaterThan(1));
    writeFileSync(file, "");
    const [id] = runsOf("mended-later").map((note) => note.id);
    const answer = await fetch(`${worker.pagesUrl}/dashboard/api/queues/events/${id}/retry`, {
      method: "PUT",
      headers: { "sec-fetch-site": "same-origin" },
    });
    expect(answer.status).toBeLessThan(300);
    await allConfirmed();
    expect(runsOf("mended-later").map(({ phase }) => phase)).toEqual(["start", "failure", "start", "success"]);
  });
});
