import { expect, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { CallbackEvent, EventRef } from "../../src/core/event.ts";
import type { Acceptance, Desk, DueConfirmation, HoldInbox, Inbox } from "../../src/core/inbox.ts";
import type { Gate, Limited } from "../../src/core/limits.ts";
import type { Delivery, SourceTerms } from "../../src/core/source.ts";
import type { StepStore } from "../../src/core/step-store.ts";

type InboxUnderTest = {
  readonly inbox: Inbox & HoldInbox & Desk;
  /** A second inbox on the same store, if the store can have one. */
  readonly replica?: Inbox & HoldInbox & Desk;
  readonly times: {
    readonly windowMs: number;
    readonly graceMs: number;
    readonly callMs: number;
    readonly lookMs: number;
  };
  readonly gate: Gate;
  readonly limited?: ((body: Delivery["body"]) => Limited) | undefined;
  readonly source: SourceTerms;
  readonly steps: StepStore & {
    sweep(): Promise<void>;
    /** The ids of events that have step results. */
    ids(): Promise<readonly string[]>;
    /** The time after which a claim expires without renewal. */
    readonly claimMs: number;
  };
  /** The time of the inbox's clock. */
  now(): Promise<number>;
  /** Moves the manual clock, or sleeps. */
  advance(ms: number): Promise<void>;
  readonly jobs: {
    ids(): Promise<string[]>;
    /** The jobs that a worker may take. */
    startable(): Promise<readonly string[]>;
    event(id: string): Promise<CallbackEvent | undefined>;
    /** Parks the job, as after its last failed attempt. */
    park(id: string): Promise<void>;
    /** Retries a parked job, as an operator does. */
    retry(id: string): Promise<void>;
    /** Completes the job and keeps it. */
    finish(id: string): Promise<void>;
    /** The content of the event's page. */
    page(id: string): Promise<{ readonly lines: readonly string[]; readonly progress: unknown }>;
    /** Removes the job. */
    remove(id: string): Promise<void>;
  };
  loseEverything(): Promise<void>;
  close(): Promise<void>;
};

export type InboxSetup = (options?: {
  readonly maxWaiting?: number;
  readonly maxCallsPerSecond?: number;
  /** The limits of events of the type NewFileUpload. */
  readonly limited?: (body: Delivery["body"]) => Limited;
  readonly mostHeld?: number;
}) => Promise<InboxUnderTest>;

/** The machine was too slow for the scenario. This says nothing about the inbox. */
class TooSlow extends Error {
  override readonly name = "TooSlow";
}

const MOST_TRIES = 25;

/** A test that starts over with a new inbox if the machine was too slow for one of the windows. */
export function scenario(
  name: string,
  setup: InboxSetup,
  run: (trial: Trial) => Promise<void>,
  options: Parameters<InboxSetup>[0] = {},
): void {
  test(name, { timeout: 60_000 }, async () => {
    for (let tries = 1; ; tries++) {
      const under = await setup(options);
      try {
        return await run(createTrial(under));
      } catch (err) {
        if (!(err instanceof TooSlow) || tries === MOST_TRIES) throw err;
      } finally {
        await under.close();
      }
    }
  });
}

let receipts = 0;

/** A delivery of an event with this content. By default it has a new receipt. */
export function delivery(source: SourceTerms, content: string, receipt = `receipt-${++receipts}`): Delivery {
  const body = { EventType: "NewFileUpload", FileUploadEvent: { FileId: content } };
  return { receipt, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
}

/** Another delivery of the same event. */
export function again(earlier: Delivery, receipt = `receipt-${++receipts}`): Delivery {
  return { ...earlier, receipt };
}

/** The parts of an acceptance, in a form that one `toEqual` can compare. */
type Pull = {
  readonly sent: number;
  readonly verdicts: readonly Acceptance["verdict"][];
  readonly ids: readonly string[];
  readonly confirmations: readonly DueConfirmation[];
  readonly handled: number;
};

export type Trial = ReturnType<typeof createTrial>;

function createTrial(under: InboxUnderTest) {
  const { inbox, source, times } = under;

  /** Accepts a pull that was sent at `sent` and brought these deliveries. */
  async function pullSentAt(sent: number, ...deliveries: readonly Delivery[]): Promise<Pull> {
    const { acceptances, handled } = await inbox.accept(source, sent, deliveries);
    const told = acceptances.filter((one) => one.verdict !== "skip");
    return {
      sent,
      verdicts: acceptances.map(({ verdict }) => verdict),
      ids: told.map(({ id }) => id),
      confirmations: told.flatMap((one) => (one.verdict === "confirm" ? [one.confirmation] : [])),
      handled,
    };
  }

  async function pull(...deliveries: readonly Delivery[]): Promise<Pull> {
    const sent = await under.now();
    const pulled = await pullSentAt(sent, ...deliveries);
    await inTime(sent + times.graceMs);
    return pulled;
  }

  async function until(time: number): Promise<void> {
    for (let now = await under.now(); now < time; now = await under.now()) await under.advance(time - now);
  }

  /** Checks that the steps so far ended before `deadline`. If not, the scenario starts over. */
  async function inTime(deadline: number): Promise<void> {
    const now = await under.now();
    if (now >= deadline) throw new TooSlow(`${now - deadline} ms too late`);
  }

  return {
    ...under,
    pull,
    pullSentAt,
    until,
    inTime,

    /** Waits until every event delivered or handled so far may be delivered again. */
    async windowCloses(): Promise<void> {
      await until((await under.now()) + times.windowMs + times.callMs + 1);
    },

    /** Pulls an event that must become a job, and returns its reference. */
    async added(one: Delivery): Promise<EventRef> {
      const { verdicts, ids } = await pull(one);
      expect(verdicts).toEqual(["add"]);
      return { id: ids[0] ?? "", fingerprint: one.fingerprint, source: source.name };
    },

    /** Marks the event as handled, and returns the confirmation that is now due. */
    async handled(event: EventRef): Promise<DueConfirmation> {
      const { stored, confirmation } = await inbox.mark(event, true);
      expect(stored).toBe(true);
      if (!confirmation) throw new Error(`no confirmation is due for ${event.id}`);
      await under.jobs.finish(event.id);
      return confirmation;
    },

    /** The number of handled events that are not confirmed. */
    async dueCount(): Promise<number> {
      return (await pull()).handled;
    },
  };
}
