import { vi } from "vitest";
import type { DueConfirmation, Inbox } from "../../src/core/inbox.ts";

/** An inbox that accepts and stores everything at once. A test may replace any function. */
export function fakeInbox() {
  return {
    place: vi.fn<Inbox["place"]>(async () => ({ isFree: true, most: Infinity, pull: "p", end: () => {} })),
    turn: vi.fn<Inbox["turn"]>(async () => Date.now()),
    used: vi.fn<Inbox["used"]>(() => 0),
    accept: vi.fn<Inbox["accept"]>(async (_source, _sent, deliveries) => ({
      acceptances: deliveries.map(({ receipt }) => ({ verdict: "add", id: `ev-${receipt}` })),
      handled: 0,
    })),
    quiet: vi.fn<Inbox["quiet"]>(async () => 0),
    mark: vi.fn<Inbox["mark"]>(async (event) => ({
      stored: true,
      confirmation: confirmationOf(`receipt of ${event.id}`),
    })),
    ran: vi.fn<Inbox["ran"]>(async () => false),
    noteSuccess: vi.fn<Inbox["noteSuccess"]>(async () => {}),
    succeededIn: vi.fn<Inbox["succeededIn"]>(async () => undefined),
    settle: vi.fn<Inbox["settle"]>(async () => {}),
  } satisfies Inbox;
}

/** A confirmation whose receipt has just arrived, with a window of 30 s. */
export function confirmationOf(receipt: string, changes: Partial<DueConfirmation> = {}): DueConfirmation {
  const closedFrom = changes.closedFrom ?? performance.now() + 30_000;
  return {
    source: "fake/1",
    fingerprint: `fp-${receipt}`,
    id: `ev-${receipt}`,
    receipt,
    openUntil: closedFrom - 100,
    closedFrom,
    ...changes,
  };
}
