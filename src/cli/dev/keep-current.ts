import type { Child } from "./child.ts";
import { watchFiles } from "./watch-files.ts";

export type KeepCurrentOptions = {
  /** Starts a worker, which reports the files it loads. */
  readonly start: (onLoaded: (file: string) => void) => Child;
  /** Files that may be created later and would then hold the handlers. */
  readonly places: readonly string[];
  readonly say: (text: string) => void;
};

/**
 * Keeps a worker running with the current version of its files. The old one stops in order before the new one starts:
 * its running events are finished or go back to the queue, so that none is lost or repeated. A worker that ends by
 * itself, for example because of a mistake in the handlers, starts again only after a file has changed.
 */
export function keepCurrent({ start, places, say }: KeepCurrentOptions): { stop(): Promise<void> } {
  let changed = Promise.withResolvers<string | undefined>();
  const watch = watchFiles((file) => changed.resolve(file));
  for (const place of places) watch.add(place);
  const stopping = new AbortController();
  const running = runOn();

  return {
    async stop() {
      stopping.abort();
      watch.close();
      changed.resolve(undefined);
      await running;
    },
  };

  async function runOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      changed = Promise.withResolvers();
      let isTold = false;
      const child = start((file) => watch.add(file));
      void child.ended.then(() => isTold || say("the worker ended; it starts again when one of its files changes"));
      const file = await changed.promise;
      isTold = true;
      if (file !== undefined) say(`${file} changed`);
      await child.stop();
    }
  }
}
