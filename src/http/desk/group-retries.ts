/** Retries of whole groups by this process, with the progress of each. */
import type { Logger } from "pino";
import type { GroupKey } from "../../desk/contract.ts";

export type GroupRetry = GroupKey & {
  readonly startedAt: number;
  /** How many of its events were looked at. */
  looked: number;
  /** Missing until they are counted. */
  total?: number;
  /** How many got another attempt. The others were no longer parked. Missing until the end. */
  retried?: number;
  endedAt?: number;
  hasFailed?: boolean;
};

export type RetryGroup = (
  group: GroupKey,
  signal?: AbortSignal,
  report?: (looked: number, total: number) => void,
  by?: string,
) => Promise<number>;

/** How long the result stays on the page. */
const TOLD_MS = 120_000;

export function createGroupRetries(options: {
  readonly retryGroup: RetryGroup;
  readonly log: Logger;
  readonly closing?: AbortSignal | undefined;
}) {
  const { retryGroup, log, closing } = options;
  let retries: readonly GroupRetry[] = [];

  return { start, list };

  /** The newest comes last. */
  function list(now: number): readonly GroupRetry[] {
    retries = retries.filter(({ endedAt = now }) => now - endedAt < TOLD_MS);
    return retries;
  }

  /** False if this group is already being retried. */
  function start({ type, error }: GroupKey, by: string): boolean {
    const isSame = (one: GroupKey) => one.type === type && one.error === error;
    if (retries.some((one) => isSame(one) && one.endedAt === undefined)) return false;
    const retry: GroupRetry = { type, error, startedAt: Date.now(), looked: 0 };
    retries = [...retries.filter((one) => !isSame(one)), retry];
    void run(retry, by);
    return true;
  }

  async function run(retry: GroupRetry, by: string): Promise<void> {
    const { type, error } = retry;
    log.info({ type, error, by }, "an operator asked for the retry of a group");
    try {
      retry.retried = await retryGroup(
        { type, error },
        closing,
        (looked, total) => {
          retry.looked = looked;
          retry.total = total;
        },
        by,
      );
      log.info({ type, error, retried: retry.retried }, "group retried by hand");
    } catch (err) {
      retry.hasFailed = true;
      log.error({ err, type, looked: retry.looked }, "retry of a group failed before it was complete");
    }
    retry.endedAt = Date.now();
  }
}
