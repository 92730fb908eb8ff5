import type { Place } from "./in-hand.ts";

const MAX_BODY_BYTES = 1024 * 1024;
/** A larger body is not read to its end. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;
/** A network splits a megabyte into at most 2,000 pieces. A hostile caller may send a million, which takes seconds to read. */
const MAX_CHUNKS = 4_096;
/** Most bodies are smaller. */
const FIRST_BYTES = 16 * 1024;

/**
 * Returns the body, or the reason why there is none: it has more than `MAX_BODY_BYTES`, or there is no room for it. A
 * refused body is still read to its end and dropped, because a caller that is still sending would miss the answer, and
 * the next call on its connection would fail. Beyond 16 MiB, or 4,096 pieces, the answer cuts the connection.
 *
 * Room is used as the bytes arrive, whatever length the caller declared. The bytes are copied, since a chunk of one byte
 * takes a hundred bytes of memory.
 */
export async function readBody(request: Request, place: Place): Promise<Uint8Array | "too-large" | "busy"> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_DISCARDED_BYTES) return "too-large";
  let kept = Buffer.alloc(0);
  let size = 0;
  let chunks = 0;
  let refusal: "too-large" | "busy" | undefined;
  for await (const chunk of request.body ?? []) {
    const end = size + chunk.length;
    chunks += 1;
    if (end > MAX_DISCARDED_BYTES || chunks > MAX_CHUNKS) return "too-large";
    if (end > MAX_BODY_BYTES) refusal = "too-large";
    else if (!refusal && end > kept.length) {
      const larger = Math.min(Math.max(FIRST_BYTES, kept.length * 2, end), MAX_BODY_BYTES);
      if (place.hold(larger)) kept = Buffer.concat([kept], larger);
      else refusal = "busy";
    }
    if (refusal) {
      kept = Buffer.alloc(0);
      place.hold(0);
    } else kept.set(chunk, size);
    size = end;
  }
  return refusal ?? kept.subarray(0, size);
}
