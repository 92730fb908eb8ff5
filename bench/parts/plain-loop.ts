/**
 * The loop that most people write first: pull, handle, confirm, again. It keeps nothing: a crash, a slow handler or a failed
 * confirmation is the vendor's business. One kindness is done to it: its connection is kept, which the SDK does not do.
 */
import { Agent } from "node:http";
import { vod } from "tencentcloud-sdk-nodejs-vod";
import { z } from "zod";
import { serve, startCost } from "../kit/serve.ts";
import { countRuns, forget, handled, noteStart } from "./handling.ts";

const Start = z.object({
  env: z.object({
    TENCENT_VOD_ENDPOINT: z.string(),
    TENCENTCLOUD_SECRET_ID: z.string(),
    TENCENTCLOUD_SECRET_KEY: z.string(),
  }),
});
const Pulled = z.object({ EventSet: z.array(z.looseObject({ EventHandle: z.string() })) });

let cost = startCost();

serve({
  start(input) {
    const { env } = Start.parse(input);
    const { host } = new URL(env.TENCENT_VOD_ENDPOINT);
    cost = startCost();
    const client = new vod.v20180717.Client({
      credential: { secretId: env.TENCENTCLOUD_SECRET_ID, secretKey: env.TENCENTCLOUD_SECRET_KEY },
      profile: { httpProfile: { endpoint: host, protocol: "http://", agent: new Agent({ keepAlive: true }) } },
    });
    void loop(client);
  },
  /** From when on its cost counts. */
  startCost() {
    cost = startCost();
  },
  cost: () => cost(),
  handled,
  runs: countRuns,
  forget,
});

async function loop(client: InstanceType<typeof vod.v20180717.Client>): Promise<never> {
  for (;;) {
    const { EventSet } = await client.PullEvents({}).then((reply) => Pulled.parse(reply), nothing);
    if (EventSet.length === 0) continue;
    for (const event of EventSet) noteStart(event);
    await client.ConfirmEvents({ EventHandles: EventSet.map(({ EventHandle }) => EventHandle) });
  }
}

function nothing(err: unknown): z.infer<typeof Pulled> {
  if (err instanceof Error && "code" in err && err.code === "ResourceNotFound") return { EventSet: [] };
  throw err;
}
