import { vi } from "vitest";
import { Poller, type PollerOptions } from "../../src/core/poller.ts";
import type { Acceptance } from "../../src/core/inbox.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { fakeInbox } from "../support/fake-inbox.ts";
import { FakeSource } from "../support/fake-source.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";

export function setup({ parked = "hold", ...watched }: Partial<Pick<PollerOptions, "parked" | "log" | "meter">> = {}) {
  useFakeClock();
  const source = new FakeSource();
  const inbox = fakeInbox();
  const meter = new RecordingMeter();
  const { log, said, lines } = recordingLog();
  const confirm = vi.fn<PollerOptions["confirm"]>();
  const failed = vi.fn<PollerOptions["failed"]>();
  const poller = new Poller({ source, inbox, confirm, parked, log, meter, failed, ...watched });
  return {
    source,
    inbox,
    meter,
    said,
    lines,
    confirm,
    failed,
    poller,
    /** Makes the inbox give this answer to every delivery. */
    answerAll(acceptance: Acceptance, handled = 0): void {
      inbox.accept.mockImplementation(async (_source, _sent, deliveries) => ({
        acceptances: deliveries.map(() => acceptance),
        handled,
      }));
    },
    accepted: (): readonly string[] =>
      inbox.accept.mock.calls.flatMap(([, , deliveries]) => deliveries.map(({ receipt }) => receipt)),
    /** The times from the start of each pull to the start of the next. */
    gaps: (): readonly number[] =>
      source.pulls.slice(1).map(({ at }, index) => at - (source.pulls[index]?.at ?? Number.NaN)),
  };
}

/** True if the pauses double from `firstMs` to `mostMs`. Jitter may shorten each one by up to half. */
export function isBackoff(
  pauses: readonly number[],
  { firstMs, mostMs }: Record<"firstMs" | "mostMs", number>,
): boolean {
  return pauses.every((pause, index) => {
    const longest = Math.min(mostMs, firstMs * 2 ** index);
    return pause >= longest / 2 && pause <= longest;
  });
}
