/** Every vendor. A new one adds its line here. `npm run simulate` runs the first one's simulator. */
import { alibabaVod } from "./alibaba-vod/index.ts";
import { awsMediaconvert } from "./aws-mediaconvert/index.ts";
import { tencentVod } from "./tencent-vod/index.ts";
import type { Vendor } from "./vendor.ts";
import { zegocloud } from "./zegocloud/index.ts";

export const VENDORS: readonly Vendor[] = [tencentVod, alibabaVod, zegocloud, awsMediaconvert];
