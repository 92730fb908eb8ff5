/**
 * Your handlers, one line each. A handler gets the event's payload and a context (`event`, `attempt`, `log`, `signal`).
 * When it returns, the event is confirmed to the vendor. When it throws, it is tried again later. It must be safe to run
 * twice for one event, and should hand `signal` to whatever it waits for. The first one could look like this:
 *
 * ```ts
 * import { on } from "reliable-callback/tencent-vod";
 *
 * on("NewFileUpload", async (upload, { log }) => log.info({ file: upload.FileId }, "uploaded")),
 * ```
 */
import type { Handler } from "reliable-callback";

const handlers: readonly Handler[] = [
  // one line for each event type
];

export default handlers;
