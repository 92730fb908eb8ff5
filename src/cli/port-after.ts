/** A worker that takes callbacks keeps its pages on a port of their own: the next one, unless it is set. */
export function portAfter(port: string | undefined): string | undefined {
  const number = Number(port || 3_000);
  return number > 0 ? String(number + 1) : port;
}
