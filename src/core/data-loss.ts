export const DATA_LOSS_CAUSES = ["unknown", "in-place", "promoted", "restarted"] as const;

export type DataLossCause = (typeof DATA_LOSS_CAUSES)[number];

/** Redis came back with older data, or with none. */
export type DataLoss = {
  /** Writes after this time of Redis' clock are lost. Missing if everything is lost. */
  readonly from?: string;
  /** When the loss was noticed. */
  readonly until: string;
  readonly cause: DataLossCause;
};

const CAUSES: Readonly<Record<DataLossCause, string>> = {
  unknown: "how is unknown",
  "in-place": "it was emptied, or loaded older data, while it ran",
  promoted: "a replica that lagged behind took its place",
  restarted: "it was started again with older data, or another one took its place",
};

export function dataLossFact({ from, until, cause }: DataLoss): string {
  const when = from === undefined ? `before ${seconds(until)}` : `between ${seconds(from)} and ${seconds(until)}`;
  return `Redis lost everything that was written ${when}: ${CAUSES[cause]}`;
}

function seconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
