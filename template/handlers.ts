/** What is done about events, one line for each type. Every vendor has an `on` of its own. */
import type { Handler } from "reliable-callback";
import { on } from "reliable-callback/tencent-vod";

const handlers: readonly Handler[] = [
  // When it returns, the event is confirmed to the vendor. When it throws, it is tried again later.
  on("NewFileUpload", async ({ FileId, MediaBasicInfo }, { log }) => {
    log.info({ file: FileId, name: MediaBasicInfo?.Name }, "uploaded");
  }),
];

export default handlers;
