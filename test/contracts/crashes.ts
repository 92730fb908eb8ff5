import { expect, test } from "vitest";
import type { JobStart } from "../../src/core/isolation.ts";
import type { RedisCrashes } from "../../src/ledger/crashes.ts";

/** A started job and its lock. */
export type StartedJob = { readonly start: JobStart; readonly lock: string };

type CrashesUnderTest = {
  readonly crashes: RedisCrashes;
  /** Takes the only job, as a worker does. */
  take(): Promise<StartedJob>;
  /** Lets the job's lock expire, so that the job waits again. */
  stall(job: StartedJob): Promise<void>;
  /** Fails the job, which may be tried again. */
  fail(job: StartedJob): Promise<void>;
};

export type CrashesSetup = () => Promise<CrashesUnderTest>;

export function crashesContract(setup: CrashesSetup): void {
  test("each start of a job whose end is unknown counts as a crash", async () => {
    const { crashes, take, stall } = await setup();
    const seen: number[] = [];
    for (let n = 0; n < 4; n++) {
      const job = await take();
      seen.push((await crashes.count(job.start)).crashes);
      await stall(job);
    }

    expect(seen).toEqual([0, 1, 2, 3]);
  });

  test("an expired lock of a living process is not counted as a crash, however often the process reports it", async () => {
    const { crashes, take, stall } = await setup();
    for (let n = 0; n < 3; n++) {
      const job = await take();
      await stall(job);
      await crashes.excuse(job.start, job.lock);
    }
    const crashed = await take();
    await stall(crashed);

    const { start } = await take();
    expect(await crashes.count(start)).toEqual({ crashes: 1, alone: 0 });
  });

  test("a process may report its expired lock before another process takes the job", async () => {
    const { crashes, take, stall } = await setup();
    const crashed = await take();
    await stall(crashed);
    const lost = await take();
    await crashes.count(lost.start);

    await crashes.excuse(lost.start, "a lock that it had before");
    expect(await crashes.count(lost.start)).toEqual({ crashes: 0, alone: 0 });

    await stall(lost);
    expect(await crashes.count((await take()).start)).toEqual({ crashes: 1, alone: 0 });
  });

  test("a process cannot report its lock as expired while it still holds it", async () => {
    const { crashes, take, stall } = await setup();
    await stall(await take());
    const job = await take();

    await crashes.excuse(job.start, job.lock);

    expect(await crashes.count(job.start)).toEqual({ crashes: 1, alone: 0 });
  });

  test("any known end of an attempt resets the count of crashes", async () => {
    const { crashes, take, stall, fail } = await setup();
    for (let n = 0; n < 3; n++) await stall(await take());
    const ending = await take();
    expect(await crashes.count(ending.start)).toEqual({ crashes: 3, alone: 0 });
    await crashes.startAlone(ending.start);
    await fail(ending);

    const next = await take();
    expect(await crashes.count(next.start)).toEqual({ crashes: 0, alone: 0 });
    await stall(next);
    expect(await crashes.count((await take()).start)).toEqual({ crashes: 1, alone: 0 });
  });

  test("a late report about an earlier attempt changes nothing", async () => {
    const { crashes, take, stall, fail } = await setup();
    const lost = await take();
    await stall(lost);
    const ending = await take();
    await crashes.count(ending.start);
    await fail(ending);
    const next = await take();
    await crashes.count(next.start);
    await stall(next);

    await crashes.excuse(lost.start, lost.lock);

    expect(await crashes.count((await take()).start)).toEqual({ crashes: 1, alone: 0 });
  });

  test("isolated starts count until they end, go back, or turn out to be no crash", async () => {
    const { crashes, take, stall } = await setup();
    await stall(await take());
    const aloneAgain = async (): Promise<StartedJob> => {
      const job = await take();
      await crashes.startAlone(job.start);
      return job;
    };
    const crashed = await aloneAgain();
    await stall(crashed);
    const stopped = await aloneAgain();
    await crashes.giveBack(stopped.start);
    await stall(stopped);
    const lost = await aloneAgain();
    await stall(lost);
    await crashes.excuse(lost.start, lost.lock);

    expect(await crashes.count((await take()).start)).toEqual({ crashes: 3, alone: 1 });
  });

  test("a job that is gone has no crashes, and asking about it leaves no key behind", async () => {
    const { crashes, take } = await setup();
    const { start, lock } = await take();
    const gone = { ...start, event: { ...start.event, id: "gone" } };

    await crashes.excuse(gone, lock);
    await crashes.startAlone(gone);

    expect(await crashes.count(gone)).toEqual({ crashes: 0, alone: 0 });
  });
}
