import { VendorError } from "../../../core/errors.ts";

/** The region that an endpoint names: `cn-shanghai` in https://123.mns.cn-shanghai-internal.aliyuncs.com. */
export function regionOf({ hostname }: URL): string {
  const [, region] = /(?:^|\.)mns\.([a-z0-9-]+?)(?:-internal)?(?:-vpc)?\.aliyuncs\.com$/.exec(hostname) ?? [];
  if (region !== undefined) return region;
  if (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")) return "local";
  const fix = "set ALIBABA_MNS_ENDPOINT to https://ACCOUNT.mns.REGION.aliyuncs.com, or sign with v2";
  throw new VendorError("configuration", `${hostname} does not say its region, which the signature v4 covers`, { fix });
}
