/** Every vendor. A new one adds its line here. `npm run simulate` runs the first one's simulator. */
import type { EventType as AlibabaVod } from "./alibaba-vod/events/events.ts";
import { alibabaVod } from "./alibaba-vod/index.ts";
import type { EventType as AwsMediaconvert } from "./aws-mediaconvert/events/events.ts";
import { awsMediaconvert } from "./aws-mediaconvert/index.ts";
import type { ListedType as TencentVod } from "./tencent-vod/events/event-types.ts";
import { tencentVod } from "./tencent-vod/index.ts";
import type { Vendor } from "./vendor.ts";
import type { EventType as Zegocloud } from "./zegocloud/events/events.ts";
import { zegocloud } from "./zegocloud/index.ts";

export const VENDORS: readonly Vendor[] = [tencentVod, alibabaVod, zegocloud, awsMediaconvert];

/** The types of events that each is known to report, in the spelling that events have. */
export type EventTypes = {
  "tencent-vod": TencentVod;
  "alibaba-vod": AlibabaVod;
  zegocloud: Zegocloud;
  "aws-mediaconvert": AwsMediaconvert;
};
