import { UnrecoverableError } from "bullmq";
import { onTestFinished } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { readSearch, type Search } from "../../src/desk/search.ts";
import { eventOf } from "../../src/queue/jobs.ts";
import { operatorOnRedis } from "../support/operator-on-redis.ts";
import { type InboxOnRedis, inboxOnRedis, pushInboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

/** Each delivery comes after the window of the one before, however soon. */
export const source = sourceTerms({ windowMs: 0 });
export const subjectsOf = createSubjectsOf(new Map([["tencent-vod", ["FileId"]]]));

/** An inbox that keeps a history, and a worker whose steps the test takes. */
export function setup({
  isKept = true,
  ...own
}: { readonly isKept?: boolean } & Partial<Pick<InboxOnRedis, "redis" | "keys">> = {}) {
  const { redis, keys } = { ...setupRedis(), ...own };
  const historyAs = isKept ? "host:1" : undefined;
  const times = { graceMs: 15_000, callMs: 5_000 };
  const inbox = inboxOnRedis({ redis, keys, times, subjectsOf, historyAs });
  const pushInbox = pushInboxOnRedis({ redis, keys });
  const { next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const confirmations: DueConfirmation[] = [];
  const operator = operatorOnRedis({ redis, inbox, source, confirm: (due) => void confirmations.push(due) });
  return { redis, keys, inbox, ...operator, confirmations, next, deliver, push, run, finish, find };

  async function deliver(file: string, receipt = `receipt-of-${file}`) {
    const body = { EventType: "NewFileUpload", FileId: file };
    const one = { receipt, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
    return await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
  }

  async function push(file: string) {
    const body = { EventType: "NewFileUpload", FileId: file, pushed: true };
    const about = { vendor: "tencent-vod", source: source.name, type: "NewFileUpload" };
    const event = {
      ...about,
      fingerprint: fingerprint(source.name, body),
      bodyJson: JSON.stringify(body),
      subjects: [file],
    };
    await pushInbox.push(event, 60_000, AbortSignal.timeout(10_000));
  }

  /** Runs one attempt of the next job. With `error`, it fails for good. */
  async function run(error?: string): Promise<{ event: CallbackEvent; confirmation?: DueConfirmation | undefined }> {
    const job = await next();
    const event = eventOf(job);
    if (error !== undefined) {
      await inbox.ran(event, {}, { ranForMs: 10, error });
      await job.moveToFailed(new UnrecoverableError(error), "test");
      return { event };
    }
    const { confirmation } = await inbox.mark(event, true, 25);
    await job.moveToCompleted("handled", "test", false);
    return { event, confirmation };
  }

  async function finish(file: string) {
    await deliver(file);
    const { event, confirmation } = await run();
    if (confirmation) await inbox.settle(confirmation, "confirmed");
    return event.id;
  }

  async function find(text: string) {
    const { events } = await operator.desk.events({ search: searchOf(text), limit: 100 });
    return events;
  }
}

function searchOf(text: string): Search {
  const read = readSearch(text);
  if ("mistake" in read) throw new Error(read.mistake);
  return read.search;
}
