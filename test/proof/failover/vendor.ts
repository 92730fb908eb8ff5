/** The vendor's process. */
import { z } from "zod";
import { Part } from "../../../bench/kit/part.ts";
import { VendorEnv } from "../../../bench/kit/replies.ts";
import { Pulled, Pushed, type Publishing, type Terms, VendorCounts } from "./vendor-words.ts";

export async function openVendor(terms: Terms, signal: AbortSignal) {
  const part = new Part(new URL("./vendor-side.ts", import.meta.url), {}, signal);
  try {
    return {
      /** Settings with which a worker takes the events of both doors. */
      env: await part.ask("start", terms, VendorEnv),
      callWorkerAt: (url: string) => part.ask("callWorkerAt", url, z.undefined()),
      /** Resolves when all are published. */
      publish: (publishing: Publishing) => part.ask("publish", publishing, z.undefined()),
      /** Resolves when each pushed event was answered 200 or given up. */
      pushed: () => part.ask("pushed", undefined, z.array(Pushed)),
      pulled: () => part.ask("pulled", undefined, z.array(Pulled)),
      counts: () => part.ask("counts", undefined, VendorCounts),
      close: () => part.end(),
    };
  } catch (err) {
    await part.end();
    throw err;
  }
}
