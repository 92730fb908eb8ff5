import type { Logger } from "pino";

const WINDOW_MS = 60_000;
const MAX_LINES = 20;
/** Beyond this many addresses in a window the rest share one count: memory and log stay bounded. */
const MAX_ADDRESSES = 10_000;

/**
 * Logs refused logins, up to a number of lines for each address and minute. It refuses nothing itself: behind a proxy the
 * operator has the same address as whoever guesses, and must not be locked out with him.
 */
export function createRefusedLogins(log: Logger): (address: string) => void {
  const counts = new Map<string, number>();
  let endsAt = 0;
  return (address) => {
    if (Date.now() >= endsAt) {
      counts.clear();
      endsAt = Date.now() + WINDOW_MS;
    }
    const key = counts.has(address) || counts.size < MAX_ADDRESSES ? address : "others";
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count < MAX_LINES) log.warn({ address }, "login to the dashboard refused");
    if (count === MAX_LINES)
      log.warn({ address }, "login to the dashboard refused; more from this address are not logged for a minute");
  };
}
