/** What whoever typed a command must mend; the message says it all. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
