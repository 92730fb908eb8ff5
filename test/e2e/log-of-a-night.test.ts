import { expect, test } from "vitest";
import { metric } from "../support/probes.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";

const EVENTS = 5_000;
const PARKED = 2_000;
const MB = 1_000_000;

/** A night in half a minute. It has as many failures, but fewer minutes to sum up. A unit test covers those. */
test("the log of a night with 2,000 parked events and an unstable vendor stays short enough to read", async () => {
  const { embed, publish, simulator } = await setupWorld({ windowMs: 30_000 });
  for (let n = 0; n < EVENTS; n++) publish(`event ${n}`, { failures: n < PARKED ? 1_000 : n % 2 });
  for (const action of ["PullEvents", "ConfirmEvents"] as const)
    simulator.faults.inject({ action, kind: "http-500", probability: 0.1 });

  const worker = await embed({ ATTEMPTS: "4", BACKOFF_MS: "20", TENCENT_VOD_MAX_QPS: "1000", MAX_WAITING: "20000" });
  const confirmed = (): number => simulator.history({ limit: EVENTS }).filter((one) => one.confirmations > 0).length;
  await until("3,000 are confirmed", () => confirmed() === EVENTS - PARKED, { timeoutMs: 120_000, pauseMs: 200 });
  const parked = async (): Promise<boolean> => (await metric(worker, 'queue_events{state="parked"}')) === PARKED;
  await until("2,000 are parked", parked, { timeoutMs: 60_000, pauseMs: 200 });
  await worker.stop();

  expect(worker.text().length).toBeLessThan(MB);
  const told = worker.lines().filter(({ msg }) => msg.startsWith("parked: "));
  expect(told.filter(({ err }) => err !== undefined)).toHaveLength(1);
  expect(told.reduce((sum, { more }) => sum + (typeof more === "number" ? more : 1), 0)).toBe(PARKED);
  const sentences = worker.lines().map(({ msg }) => msg);
  for (const said of ["pulling again", "the vendor answers confirmations again", "handled, after attempts that failed"])
    expect(sentences.filter((sentence) => sentence === said).length).toBeGreaterThan(0);
  expect(sentences.length).toBeLessThan(100);
}, 240_000);
