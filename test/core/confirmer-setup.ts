import { Confirmer, type ConfirmerOptions } from "../../src/core/confirmer.ts";
import type { DueConfirmation, Settlement } from "../../src/core/inbox.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { fakeInbox, confirmationOf } from "../support/fake-inbox.ts";
import { FakeSource } from "../support/fake-source.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";

type Options = Partial<Pick<ConfirmerOptions, "longestLingerMs" | "replicated" | "log" | "meter">> & {
  /** The used share of the quota. By default it is high, so that the confirmer gathers receipts. */
  readonly used?: number;
};

export function setup({ used = 1, ...options }: Options = {}) {
  useFakeClock();
  const source = new FakeSource();
  const inbox = fakeInbox();
  inbox.used.mockReturnValue(used);
  const meter = new RecordingMeter();
  const { log, said, lines } = recordingLog();
  const confirmer = new Confirmer({ source, inbox, log, meter, ...options });
  let added = 0;
  return {
    source,
    inbox,
    meter,
    said,
    lines,
    confirmer,
    /** Adds and returns `count` receipts. Their numbers continue from the last call. */
    addMany(count: number, changes: Partial<DueConfirmation> = {}): string[] {
      const receipts = Array.from({ length: count }, () => `r${added++}`);
      for (const receipt of receipts) confirmer.add(confirmationOf(receipt, changes));
      return receipts;
    },
    calls: (): readonly (readonly string[])[] => source.confirms.map(({ receipts }) => receipts),
    calledAt: (): readonly number[] => source.confirms.map(({ at }) => at),
    settled: (outcome: Settlement): readonly string[] =>
      inbox.settle.mock.calls.filter(([, settledAs]) => settledAs === outcome).map(([{ receipt }]) => receipt),
  };
}
