import { describe, expect, test } from "vitest";
import { setupWorld } from "../support/worker-process.ts";

describe.concurrent("promise 4: a handler may take longer than the vendor's window", () => {
  test("redeliveries during the run start nothing, and the newest receipt is confirmed", async () => {
    const { publish, embed, allConfirmed, runsOf, seen } = await setupWorld();
    await embed();
    publish("long", { ms: 7_000 });
    await allConfirmed();
    expect(runsOf("long").map(({ phase }) => phase)).toEqual(["start", "success"]);
    expect(seen("long").timesDelivered).toBeGreaterThan(2);
    expect(seen("long").confirmations).toBe(1);
  });

  test("this also holds if every redelivery carries the same receipt", async () => {
    const { publish, embed, allConfirmed, runsOf, seen } = await setupWorld({ handles: "same" });
    await embed();
    publish("long", { ms: 5_000 });
    await allConfirmed();
    expect(runsOf("long").map(({ phase }) => phase)).toEqual(["start", "success"]);
    expect(seen("long").confirmations).toBe(1);
  });

  test("an attempt that takes too long is aborted, counts as failed, and is tried again once it has ended", async () => {
    const { publish, embed, runsOf } = await setupWorld();
    const worker = await embed({ HANDLER_TIMEOUT_MS: "300", ATTEMPTS: "2", BACKOFF_MS: "10" });
    publish("stuck", { ms: 60_000 });
    const { err } = await worker.line("parked: it stays");
    expect(err).toMatchObject({ message: "the handler took longer than 300 ms" });
    expect(runsOf("stuck").map(({ phase, attempt }) => [phase, attempt])).toEqual([
      ["start", 1],
      ["failure", 1],
      ["start", 2],
      ["failure", 2],
    ]);
  });
});
