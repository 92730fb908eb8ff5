/** Bodies of a given size. */
import type { JsonObject } from "../../src/core/event.ts";

const SEGMENT_BYTES = 128;

/** Like the segments of a recognised speech: many small objects, together of this many bytes as JSON. */
export function segmentsOf(bytes: number): readonly JsonObject[] {
  return Array.from({ length: Math.floor(bytes / SEGMENT_BYTES) }, (_, index) => {
    const segment = { StartTimeOffset: 2 * index, EndTimeOffset: 2 * index + 2, Confidence: 97.5, Text: "" };
    // A comma follows each segment.
    return { ...segment, Text: "x".repeat(SEGMENT_BYTES - 1 - JSON.stringify(segment).length) };
  });
}
