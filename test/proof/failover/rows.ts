/** What happens to a set of Redis servers while events flow. Each resolves when it is over, with the port of the primary before. */
import { sleep } from "../../../src/core/sleep.ts";
import type { SentinelSet } from "../../support/sentinel-set.ts";

export type FailoverRow = {
  readonly name: string;
  /** Resolves when a primary is there that may serve. */
  strike(set: SentinelSet): Promise<void>;
};

const AWAY_MS = 5_000;
const STORM_MS = 4_000;

/** Another primary takes over. */
async function replaced(set: SentinelSet, strike: (port: number) => Promise<unknown>): Promise<void> {
  const port = await set.primaryPort();
  await strike(port);
  await set.replaced(port);
}

export const FAILOVER_ROWS: readonly FailoverRow[] = [
  {
    name: "the primary is killed",
    strike: (set) => replaced(set, async () => (await set.primary()).process.kill("SIGKILL")),
  },
  {
    name: "the primary freezes",
    strike: (set) => replaced(set, async () => (await set.primary()).process.kill("SIGSTOP")),
  },
  {
    name: "the primary freezes, and thaws after it was replaced",
    async strike(set) {
      const { process } = await set.primary();
      await replaced(set, async () => process.kill("SIGSTOP"));
      process.kill("SIGCONT");
    },
  },
  {
    name: "the primary is replaced by command",
    strike: (set) => replaced(set, async () => set.sentinels[0]?.admin.call("SENTINEL", "FAILOVER", set.name)),
  },
  {
    name: "a replica that is behind is promoted",
    async strike(set) {
      const behind = set.nodes.at(-1);
      // the others may not be promoted, and this one hears of nothing for a second
      for (const { admin } of set.nodes.slice(1, -1)) await admin.config("SET", "replica-priority", "0");
      const asleep = behind?.admin.call("DEBUG", "SLEEP", "1");
      await sleep(800);
      await replaced(set, async () => (await set.primary()).process.kill("SIGKILL"));
      await asleep;
    },
  },
  {
    name: "all sentinels are away",
    async strike({ sentinels }) {
      for (const { process } of sentinels) process.kill("SIGSTOP");
      await sleep(AWAY_MS);
      for (const { process } of sentinels) process.kill("SIGCONT");
    },
  },
  {
    name: "the primary is killed, and a sentinel with it",
    strike: (set) =>
      replaced(set, async () => {
        set.sentinels[0]?.process.kill("SIGKILL");
        (await set.primary()).process.kill("SIGKILL");
      }),
  },
  {
    name: "connections are reset again and again",
    async strike(set) {
      const { admin } = await set.primary();
      for (const end = performance.now() + STORM_MS; performance.now() < end; await sleep(100))
        await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    },
  },
];
