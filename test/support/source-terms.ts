import type { SourceTerms } from "../../src/core/source.ts";

/** The terms of a pulled source. The defaults are those of Tencent VOD. */
export function sourceTerms(changes: Partial<SourceTerms> = {}): SourceTerms {
  return {
    name: "tencent-vod",
    vendor: "tencent-vod",
    windowMs: 60_000,
    retentionMs: 4 * 24 * 3_600_000,
    batchSize: 16,
    maxCallsPerSecond: 1_000,
    ...changes,
  };
}
