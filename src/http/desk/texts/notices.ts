/**
 * The outcomes of actions. The page's address carries only the name, so nobody can link to a page with words of their
 * own.
 */
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
