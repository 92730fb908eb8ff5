/**
 * Tencent VOD through its SDK, called as usual. The only difference is a connection that is kept alive, which the SDK
 * does not do.
 */
import { Agent } from "node:http";
import { vod } from "tencentcloud-sdk-nodejs-vod";
import { z } from "zod";

export const SdkEnv = z.object({
  TENCENT_VOD_ENDPOINT: z.string(),
  TENCENTCLOUD_SECRET_ID: z.string(),
  TENCENTCLOUD_SECRET_KEY: z.string(),
});

const Pulled = z.object({ EventSet: z.array(z.looseObject({ EventHandle: z.string() })) });
export type PulledEvent = z.infer<typeof Pulled>["EventSet"][number];

export function openSdk(env: z.infer<typeof SdkEnv>) {
  const client = new vod.v20180717.Client({
    credential: { secretId: env.TENCENTCLOUD_SECRET_ID, secretKey: env.TENCENTCLOUD_SECRET_KEY },
    profile: {
      httpProfile: {
        endpoint: new URL(env.TENCENT_VOD_ENDPOINT).host,
        protocol: "http://",
        agent: new Agent({ keepAlive: true }),
      },
    },
  });
  return {
    /** Resolves with an empty list when there are no events. */
    async pull(): Promise<readonly PulledEvent[]> {
      try {
        return Pulled.parse(await client.PullEvents({})).EventSet;
      } catch (err) {
        if (err instanceof Error && "code" in err && err.code === "ResourceNotFound") return [];
        throw err;
      }
    },
    async confirm(handles: readonly string[]): Promise<void> {
      await client.ConfirmEvents({ EventHandles: [...handles] });
    },
  };
}
