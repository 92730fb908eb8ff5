/**
 * A worker that kills itself with SIGKILL between two steps in the life of an event. The test changes a part before the
 * worker starts, so production code knows nothing of these points.
 */
import type { Parts } from "../../../src/worker/app-contract.ts";
import { sleep } from "../../../src/core/sleep.ts";
import type { Acceptance } from "../../../src/core/inbox.ts";

const isNew = ({ verdict }: Acceptance): boolean => verdict === "add";

export const CRASH_POINTS = {
  "after the pull"({ sources }) {
    for (const source of sources) {
      const { pull } = source;
      source.pull = (max, signal) => dieAfter(pull(max, signal), ({ deliveries }) => deliveries.length > 0);
    }
  },

  /** The process only pulls, so no handler can have started. */
  "after it was taken in"({ inbox }) {
    const { accept } = inbox;
    inbox.accept = (...args) => dieAfter(accept(...args), ({ acceptances }) => acceptances.some(isNew));
  },

  "after the handler": ({ inbox }) => void (inbox.mark = die),

  "after the success was stored"({ inbox }) {
    const { mark } = inbox;
    inbox.mark = (...args) => dieAfter(mark(...args));
  },

  /** The job has been completed as well. */
  "before the confirmation"({ inbox, sources }) {
    for (const source of sources)
      source.confirm = async () => {
        while ((await inbox.queue.getCompletedCount()) === 0) await sleep(1);
        return await die();
      };
  },

  "after the confirmation's answer": ({ inbox }) => void (inbox.settle = die),

  /** The push is reserved, but has no job yet. */
  "after the push was reserved": ({ pushInbox }) => void (pushInbox.steps.add = die),

  /** The push has a job, but its reservation does not say so yet. */
  "after the push became a job": ({ pushInbox }) => void (pushInbox.steps.added = die),

  "before the answer to the push"({ pushInbox }) {
    const { push } = pushInbox;
    pushInbox.push = (...args) => dieAfter(push(...args));
  },
} satisfies Readonly<Record<string, (parts: Parts) => void>>;

export type CrashPoint = keyof typeof CRASH_POINTS;

async function dieAfter<T>(doing: Promise<T>, when: (done: T) => boolean = () => true): Promise<T> {
  const done = await doing;
  return when(done) ? await die() : done;
}

async function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return await new Promise<never>(() => {});
}
