/** Simulated vendors for a worker that has no account yet. They report only events that are published by hand. */
import { DEMO_OPTIONS, SHOWN } from "../../simulators/demo-fleet.ts";
import { startFleetControl } from "../../simulators/fleet-control.ts";
import { startFleet } from "../../simulators/fleet.ts";
import { portAfter } from "../port-after.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type Trial = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly howToPublish: string;
  callWorkerAt(url: string): void;
  close(): Promise<void>;
};

export async function startTrial(env: Env): Promise<Trial> {
  const fleet = await startFleet(DEMO_OPTIONS);
  const control = await startFleetControl(fleet.doors);
  const lines = Object.entries(SHOWN).map(
    ([door, { type }]) => `    curl ${control.url}/control/events -d '${JSON.stringify({ door, type })}'\n`,
  );
  return {
    env: { ...fleet.env, PAGES_PORT: env["PAGES_PORT"] || portAfter(env["PORT"]) },
    howToPublish: `
  No vendor is configured, so simulated ones stand in. Publish an event:

${lines.join("")}
`,
    callWorkerAt: (url) => fleet.callWorkerAt(url),
    async close() {
      await fleet.endCalls();
      await Promise.all([control.close(), fleet.close()]);
    },
  };
}
