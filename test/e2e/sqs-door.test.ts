import { expect, test, vi } from "vitest";
import { becomesReady, openEvents } from "../support/probes.ts";
import { setupDoors } from "../support/worker-process.ts";

test("events of an SQS queue are handled, and deleted only after that", async () => {
  const { doors, embed, publish, phasesOf } = await setupDoors({ "aws-sqs": {} });
  publish("quick");
  publish("flaky", { failures: 2 });
  publish("hopeless", { permanent: true });

  const worker = await embed({ BACKOFF_MS: "20" });

  await vi.waitFor(() => expect(doors["aws-sqs"].counts().confirmed).toBe(2), { interval: 50 });
  expect(phasesOf("quick")).toEqual(["start", "success"]);
  expect(phasesOf("flaky").at(-1)).toBe("success");
  expect(phasesOf("hopeless")).toEqual(["start", "failure"]);
  await becomesReady(worker);
  expect(await openEvents(worker)).toMatchObject([
    { source: "aws-mediaconvert/local/mediaconvert", type: "COMPLETE", state: "parked" },
  ]);
});
