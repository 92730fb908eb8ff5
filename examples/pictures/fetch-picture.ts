import { createWriteStream } from "node:fs";
import { access, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { PermanentError } from "reliable-callback";

const TIMEOUT_MS = 60_000;

/** A second run skips what is there: a picture gets its name only once it is whole. */
export async function fetchPicture(url: string, path: readonly string[], signal: AbortSignal): Promise<void> {
  // Ids come from outside: as names of folders they must not lead elsewhere.
  const target = `${join(...path.slice(0, 1), ...path.slice(1).map(encodeURIComponent))}${extensionOf(url)}`;
  if (await exists(target)) return;

  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  if (answer.status === 404) throw new PermanentError(`there is no picture at ${url}`);
  if (!answer.ok || !answer.body) throw new Error(`the CDN answered ${answer.status} for ${url}`);

  await mkdir(dirname(target), { recursive: true });
  const partial = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}`);
  await pipeline(answer.body, createWriteStream(partial), { signal });
  await rename(partial, target);
}

function extensionOf(url: string): string {
  return /\.(?:jpe?g|png|webp|gif)$/i.exec(new URL(url).pathname)?.[0] ?? "";
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
