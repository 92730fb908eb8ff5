const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1_000 },
] as const;

/** As a person says it: the largest unit and the next one, such as `3 h 20 min`. */
export function lasting(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  const unit = UNITS[first];
  if (!unit) return "0 s";
  const next = UNITS[first + 1];
  const rest = next ? Math.floor((ms % unit.ms) / next.ms) : 0;
  return `${Math.floor(ms / unit.ms)} ${unit.name}${next && rest > 0 ? ` ${rest} ${next.name}` : ""}`;
}

export function ago(at: string | undefined, now: number): string {
  return at === undefined ? "never" : `${lasting(now - Date.parse(at))} ago`;
}
