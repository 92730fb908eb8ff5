import { describe, expect, test, vi } from "vitest";
import { setupWorld } from "../support/worker-process.ts";

describe("promise 5: an event whose handler keeps failing blocks nobody and never disappears", () => {
  test("other events are handled past a hundred that fail, and these stay visible", async () => {
    const { publish, embed, runs, seen, simulator } = await setupWorld();
    const worker = await embed({ ATTEMPTS: "2", BACKOFF_MS: "10", CONCURRENCY: "4" });
    for (let n = 0; n < 100; n++) publish(`bad${n}`, { failures: 99 });
    for (let n = 0; n < 100; n++) publish(`good${n}`);
    await vi.waitFor(() => expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(100));
    await expect.poll(() => simulator.stats().unconfirmed).toBe(100);
    const status = async (): Promise<unknown> => await (await fetch(`${worker.pagesUrl}/status.json`)).json();
    await expect.poll(status).toMatchObject({ queue: { parked: 100 }, sources: [{ unconfirmed: 100 }] });
    await vi.waitFor(() => expect(seen("bad0").timesDelivered).toBeGreaterThan(2));
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(100 + 200);
  });

  test("discarding an event by hand confirms it, with a reason", async () => {
    const { publish, embed, runsOf, seen, allConfirmed } = await setupWorld();
    const worker = await embed();
    publish("bad", { permanent: true });
    await worker.line("parked: it stays");
    const id = runsOf("bad")[0]?.id ?? "";
    const answer = await fetch(`${worker.pagesUrl}/events/discard`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ id, reason: "the file was a test" }),
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    await allConfirmed();
    expect(seen("bad").confirmations).toBe(1);
    expect(worker.lines()).toContainEqual(expect.objectContaining({ id, reason: "the file was a test" }));
  });
});
