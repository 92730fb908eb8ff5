import { Confirmer, type ConfirmerOptions } from "../core/confirmer.ts";
import { OFTEN } from "../core/log-groups.ts";
import type { DueConfirmation } from "../core/inbox.ts";
import type { Source } from "../core/source.ts";

export type Confirmers = {
  readonly bySource: ReadonlyMap<string, Confirmer>;
  readonly confirm: (confirmation: DueConfirmation) => void;
};

/** One confirmer per source. An event may belong to a source that is not configured here. */
export function createConfirmers(
  sources: readonly Source[],
  options: Pick<ConfirmerOptions, "inbox" | "replicated" | "log" | "meter">,
): Confirmers {
  const bySource = new Map(sources.map((source) => [source.name, new Confirmer({ source, ...options })]));
  return {
    bySource,
    confirm(confirmation) {
      const confirmer = bySource.get(confirmation.source);
      if (confirmer) return confirmer.add(confirmation);
      const { source, id } = confirmation;
      options.log.warn(
        { ...OFTEN, source, id },
        "handled, but not confirmed: its source is not configured in this process",
      );
    },
  };
}
