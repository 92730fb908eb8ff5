const WINDOW_MS = 60_000;
const MAX_PER_WINDOW = 20;
/** Beyond this many addresses in a window the rest share one count: memory stays bounded, guessing stays slow. */
const MAX_ADDRESSES = 10_000;

/** Counts failed logins by address, in windows of a minute. */
export function createFailures() {
  const counts = new Map<string, number>();
  let endsAt = 0;
  return {
    tooMany(address: string): boolean {
      return (counts.get(keyOf(address)) ?? 0) >= MAX_PER_WINDOW;
    },
    add(address: string): void {
      const key = keyOf(address);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };

  function keyOf(address: string): string {
    if (Date.now() >= endsAt) {
      counts.clear();
      endsAt = Date.now() + WINDOW_MS;
    }
    return counts.has(address) || counts.size < MAX_ADDRESSES ? address : "others";
  }
}
