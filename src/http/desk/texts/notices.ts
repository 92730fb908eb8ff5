/** What came of an action. The address of the page carries only the name: nobody can link words of their own into it. */
export const NOTICES = [
  "retried",
  "not-parked",
  "discarded",
  "ended",
  "not-handled",
  "not-open",
  "group-runs",
] as const;

export type Notice = (typeof NOTICES)[number];
