/** A number of bytes, for people: `12.5 MiB`. */
export function inMib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
