/** A simulator and the vendor's own SDK as its client, over real HTTP; both end with the test. */
import { Agent } from "node:http";
import { vod } from "tencentcloud-sdk-nodejs-vod";
import { onTestFinished } from "vitest";
import { type SimulatorOptions, startSimulator } from "../../../src/simulators/tencent-vod/server.ts";

export const CREDENTIALS = { secretId: "AKIDtest", secretKey: "a-secret-key" };

type Client = InstanceType<typeof vod.v20180717.Client>;

export async function setup(options: Partial<SimulatorOptions> = {}) {
  const simulator = await startSimulator({ ...CREDENTIALS, longPollMs: 0, callsPerSecond: 0, ...options });
  onTestFinished(() => simulator.close());
  const client = connect(simulator.url);
  return {
    simulator,
    client,
    pull: (subAppId?: number) => pullHandles(client, subAppId),
    confirm: (...handles: readonly string[]) => client.ConfirmEvents({ EventHandles: [...handles] }),
  };
}

export function connect(url: string, credential: typeof CREDENTIALS = CREDENTIALS): Client {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return new vod.v20180717.Client({
    credential,
    profile: { httpProfile: { protocol: "http://", endpoint: new URL(url).host, reqTimeout: 10, agent } },
  });
}

/** The handles of one pull; [] from an empty queue. */
export async function pullHandles(client: Client, subAppId?: number): Promise<readonly string[]> {
  return (await pullEvents(client, subAppId)).map(({ EventHandle = "" }) => EventHandle);
}

export async function pullEvents(client: Client, subAppId?: number) {
  try {
    const { EventSet } = await client.PullEvents(subAppId === undefined ? {} : { SubAppId: subAppId });
    return EventSet ?? [];
  } catch (error) {
    if (codeOf(error) === "ResourceNotFound") return [];
    throw error;
  }
}

/** The code of the error a call ends with; its message when it has no code; `ok` when it does not fail. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    return codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
