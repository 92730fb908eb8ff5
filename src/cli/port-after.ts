/** A worker with callbacks serves its pages on a separate port: the next one, unless PAGES_PORT is set. */
export function portAfter(port: string | undefined): string | undefined {
  const number = Number(port || 3_000);
  return number > 0 ? String(number + 1) : port;
}
