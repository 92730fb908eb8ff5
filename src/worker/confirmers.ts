import { Confirmer, type ConfirmerOptions } from "../core/confirmer.ts";
import { OFTEN } from "../core/log-groups.ts";
import type { DueConfirmation } from "../core/inbox.ts";
import type { Source } from "../core/source.ts";

export type Confirmers = {
  readonly bySource: ReadonlyMap<string, Confirmer>;
  readonly confirm: (confirmation: DueConfirmation) => void;
};

type ConfirmersOptions = Pick<ConfirmerOptions, "inbox" | "log" | "meter"> & {
  /** The confirmations of a source wait until this resolves. */
  readonly replicatedOf?: (source: string) => ConfirmerOptions["replicated"];
};

/** One confirmer per source. An event may belong to a source that is not configured here. */
export function createConfirmers(
  sources: readonly Source[],
  { replicatedOf = () => undefined, ...options }: ConfirmersOptions,
): Confirmers {
  const bySource = new Map(
    sources.map((source) => {
      return [source.name, new Confirmer({ source, ...options, replicated: replicatedOf(source.name) })];
    }),
  );
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
