import type { Handler } from "reliable-callback";
import { onSnapshots } from "reliable-callback/media";
import { fetchPicture } from "./fetch-picture.ts";

const folder = process.env["PICTURES_DIR"] ?? "pictures";

/** One handler for the pictures of Tencent, Alibaba Cloud and ZEGOCLOUD. */
const handlers: readonly Handler[] = [
  ...onSnapshots(
    async ({ vendor, fileId = "no-file", items }, { log, progress, signal }) => {
      for (const item of items) {
        if (item.ok) await fetchPicture(item.url, [folder, vendor, fileId, String(item.index)], signal);
        else log.warn({ file: fileId, index: item.index, reason: item.error }, "the vendor made no picture");
        progress({ done: item.index + 1, of: items.length });
      }
    },
    { timeoutMs: 30 * 60_000 },
  ),
];

export default handlers;
