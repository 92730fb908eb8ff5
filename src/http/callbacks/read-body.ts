/** Beyond this nobody waits for the end of a body: the connection is cut with the answer. */
const MOST_DISCARDED_BYTES = 16 * 1024 * 1024;

/**
 * The body, or undefined if it has more than `most` bytes. That one is read to its end all the same, and thrown away: a
 * caller that is still sending would not hear the answer, and the next call on its connection would fail with it.
 */
export async function readBody(request: Request, most: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_DISCARDED_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MOST_DISCARDED_BYTES) break;
  }
  return size <= most ? Buffer.concat(chunks) : undefined;
}
