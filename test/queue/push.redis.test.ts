import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { sleep } from "../../src/core/sleep.ts";
import { inboxOnRedis, jobsByHand, pushInboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const times = { windowMs: 200, graceMs: 15_000, callMs: 80 };
const MEMORY_MS = 60_000;
const source = sourceTerms({ windowMs: times.windowMs, pushMemoryMs: MEMORY_MS });

function event(content: string) {
  const body = { EventType: "NewFileUpload", FileUploadEvent: { FileId: content } };
  return {
    vendor: "tencent-vod",
    source: source.name,
    type: "NewFileUpload",
    fingerprint: fingerprint(source.name, body),
    body,
  };
}

function setup(options: { maxWaiting?: number } = {}) {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times, ...options });
  const { push: pushInto, steps } = pushInboxOnRedis({ redis, keys });
  const jobs = jobsByHand({ redis, keys, inbox });
  const push = ({ body, ...one }: ReturnType<typeof event>) =>
    pushInto({ ...one, bodyJson: JSON.stringify(body) }, MEMORY_MS, AbortSignal.timeout(30_000));
  let receipts = 0;
  /** Pulls the same event, so that it arrives by the other door. */
  async function pull({ vendor: _v, source: _s, ...one }: ReturnType<typeof event>) {
    const receipt = `receipt-${++receipts}`;
    const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), [{ ...one, receipt }]);
    return { receipt, acceptance: acceptances[0] };
  }
  async function handle(id: string) {
    const known = await jobs.event(id);
    if (!known) throw new Error(`no job ${id}`);
    const marked = await inbox.mark(known, true);
    await jobs.finish(id);
    return marked;
  }
  /** The key that exists as long as the event is known. */
  const known = ({ fingerprint: of }: ReturnType<typeof event>) => keys.keysOf(source.name).push(of);
  return { inbox, redis, jobs, known, push, steps, pull, handle };
}

describe("a pushed event", () => {
  test("is a job when the push resolves", async () => {
    const { push, jobs } = setup();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const one = { ...event("f1"), traceparent };
    expect(await push(one)).toBe("add");
    const [id = ""] = await jobs.ids();
    const { vendor, source: from, type, body } = one;
    expect(await jobs.event(id)).toEqual({
      id,
      vendor,
      source: from,
      door: "push",
      type,
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      fingerprint: one.fingerprint,
      traceparent,
      body,
    });
  });

  test("is known as long as its vendor may repeat the call, handled or not, and a new event after that", async () => {
    const { redis, known, push, jobs, handle } = setup();
    const one = event("f1");
    await push(one);
    expect(await push(one)).toBe("acknowledge");
    await handle((await jobs.ids())[0] ?? "");
    expect(await push(one)).toBe("acknowledge");
    const endsAfterMs = await redis.pttl(known(one));
    expect(endsAfterMs).toBeGreaterThan(0);
    expect(endsAfterMs).toBeLessThanOrEqual(MEMORY_MS);

    await redis.pexpire(known(one), 0);
    expect(await push(one)).toBe("add");
    expect(await jobs.ids()).toHaveLength(2);
  });

  test("that a process reserved before it died is added by the next try, under the same id", async () => {
    const { steps, push, jobs } = setup();
    const one = event("f1");
    const { id } = await steps.reserve({ ...one, id: "ev-reserved" }, 100, MEMORY_MS);
    expect(await push(one)).toBe("add");
    expect(await jobs.ids()).toEqual([id]);
  });

  test("is accepted however many pulled events wait, since each kind has its own limit", async () => {
    const { push, jobs } = setup({ maxWaiting: 1 });
    for (const content of ["f1", "f2", "f3"]) expect(await push(event(content))).toBe("add");
    expect(await jobs.ids()).toHaveLength(3);
  });
});

describe("an event that is both pushed and pulled, as while an application changes its door,", () => {
  test("is one job if the push came first, and is confirmed once it is handled", async () => {
    const { push, pull, jobs, handle } = setup();
    const one = event("f1");
    await push(one);
    const { acceptance, receipt } = await pull(one);
    expect(acceptance).toMatchObject({ verdict: "renew" });
    const ids = await jobs.ids();
    expect(ids).toHaveLength(1);
    expect(await handle(ids[0] ?? "")).toMatchObject({ stored: true, confirmation: { receipt } });
  });

  test("is one job if it is pulled while the push is being added", async () => {
    const { steps, push, pull, jobs, handle } = setup();
    const one = event("f1");
    const { id } = await steps.reserve({ ...one, id: "ev-reserved" }, 100, MEMORY_MS);
    const { acceptance, receipt } = await pull(one);
    expect(acceptance).toMatchObject({ verdict: "add", id });
    expect(await push(one)).toBe("acknowledge");
    expect(await jobs.ids()).toEqual([id]);
    expect(await handle(id)).toMatchObject({ stored: true, confirmation: { receipt } });
  });

  test("is one job, also when both doors bring many events at the same moment", async () => {
    const { push, pull, jobs } = setup();
    const events = Array.from({ length: 50 }, (_, n) => event(`f${n}`));
    await Promise.all(events.flatMap((one) => [push(one), pull(one)]));
    expect(await jobs.ids()).toHaveLength(50);
  });

  test("is confirmed at once if the push was handled already", async () => {
    const { push, pull, jobs, handle } = setup();
    const one = event("f1");
    await push(one);
    await handle((await jobs.ids())[0] ?? "");
    const { acceptance, receipt } = await pull(one);
    expect(acceptance).toMatchObject({ verdict: "confirm", confirmation: { receipt } });
    expect(await jobs.ids()).toHaveLength(1);
  });

  test("is parked for both doors if its handler failed for good", async () => {
    const { push, pull, jobs } = setup();
    const one = event("f1");
    await push(one);
    await jobs.park((await jobs.ids())[0] ?? "");
    expect((await pull(one)).acceptance).toMatchObject({ verdict: "park" });
  });

  test("is known to the push if the pull came first, pending or confirmed", async () => {
    const { inbox, push, pull, jobs, handle } = setup();
    const one = event("f1");
    expect((await pull(one)).acceptance).toMatchObject({ verdict: "add" });
    expect(await push(one)).toBe("acknowledge");
    const { confirmation } = await handle((await jobs.ids())[0] ?? "");
    if (confirmation) await inbox.settle(confirmation, "confirmed");
    expect(await push(one)).toBe("acknowledge");
    expect(await jobs.ids()).toHaveLength(1);
  });

  test("is a new event if it is pulled again after its confirmation: one push pays for one pull", async () => {
    const { inbox, push, pull, jobs, handle } = setup();
    const one = event("f1");
    await push(one);
    await handle((await jobs.ids())[0] ?? "");
    const { acceptance } = await pull(one);
    if (acceptance?.verdict === "confirm") await inbox.settle(acceptance.confirmation, "confirmed");
    await sleep(5);
    expect((await pull(one)).acceptance).toMatchObject({ verdict: "add" });
    expect(await jobs.ids()).toHaveLength(2);
  });
});
