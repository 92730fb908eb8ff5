import type { Logger } from "pino";
import type { Operator } from "../queue/operator.ts";

/** A source that was taken out of the settings leaves events that nobody can confirm. */
export async function warnOfOrphans(
  operator: Pick<Operator, "knownSources" | "counts">,
  configured: readonly string[],
  log: Pick<Logger, "warn">,
): Promise<void> {
  for (const source of (await operator.knownSources()).filter((known) => !configured.includes(known))) {
    const { unconfirmed } = await operator.counts(source);
    if (unconfirmed > 0)
      log.warn({ source, unconfirmed }, "events of a source that is no longer configured stay unconfirmed");
  }
}
