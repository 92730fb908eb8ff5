import type { Config } from "../config/config.ts";
import type { Receiver } from "../core/receiver.ts";
import { createAlibabaVodReceiver } from "../vendors/alibaba-vod/push/receiver.ts";
import { createTencentVodReceiver } from "../vendors/tencent-vod/push/receiver.ts";
import { createZegoReceiver } from "../vendors/zegocloud/receiver.ts";

/** Every vendor that may push. A new one adds its line here. */
export function createReceivers({ callbacks, tencentVod: pulled }: Config): readonly Receiver[] {
  const { tencentVod, alibabaVod, zegocloud } = callbacks;
  return [
    ...(tencentVod
      ? applicationsOf(pulled).map((subAppId) => createTencentVodReceiver({ ...tencentVod, subAppId }))
      : []),
    ...(alibabaVod ? [createAlibabaVodReceiver(alibabaVod)] : []),
    ...(zegocloud ? [createZegoReceiver(zegocloud)] : []),
  ];
}

/** Tencent's calls do not name their application: each has a path of its own. */
function applicationsOf(pulled: Config["tencentVod"]): readonly (number | undefined)[] {
  return pulled && pulled.subAppIds.length > 0 ? pulled.subAppIds : [undefined];
}
