/** The doors whose crash windows are tried: each brings one event, and knows what its vendor heard of it. */
import { startMnsSimulator } from "../../../src/simulators/alibaba-mns/server.ts";
import { keyed, NO_TENCENT, PUSH_ENV, pushNow } from "../../support/doors.ts";
import type { WorkerProcess } from "../../support/process.ts";
import type { Script } from "../../support/scripted-handlers.ts";
import type { World } from "../../support/world.ts";

export const KEY = "the event";

export type Door = {
  readonly env: Readonly<Record<string, string>>;
  /** Something happens at the vendor, who tells this worker, or waits to be asked. */
  happens(worker: WorkerProcess, script: Script): void;
  /** The vendor's next try, if it was not answered. */
  tryAgain(worker: WorkerProcess, script: Script): void;
  /** What the vendor hears of it: that its handler succeeded, or that it is stored. */
  readonly confirms: "success" | "storage";
  /** The longest until all is well again: a job lock and two looks for it; for what a confirmation came to, two windows and the grace. */
  readonly patienceMs: number;
  heard(): { readonly confirmedAt?: number; readonly confirmations: number };
  /** From now on confirmations take effect and are not answered. */
  swallowAnswers(): void;
  close(): Promise<void>;
};

const NEVER_MS = 600_000;
const swallow = { kind: "drop-after", ms: NEVER_MS, times: 100 } as const;

export async function tencentDoor({ simulator, publish, seen }: World): Promise<Door> {
  return {
    env: {},
    happens: (_, script) => publish(KEY, script),
    tryAgain() {},
    confirms: "success",
    patienceMs: 30_000,
    heard: () => seen(KEY),
    swallowAnswers: () => simulator.faults.inject({ action: "ConfirmEvents", ...swallow }),
    async close() {},
  };
}

export async function mnsDoor(): Promise<Door> {
  const keys = { accessKeyId: "LTAItest", accessKeySecret: "mns-secret-of-the-test" };
  const mns = await startMnsSimulator({ ...keys, queues: ["vod-events"], visibilityMs: 2_000 });
  let id = "";
  return {
    env: {
      ...NO_TENCENT,
      ALIBABA_CLOUD_ACCESS_KEY_ID: keys.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: keys.accessKeySecret,
      ALIBABA_MNS_ENDPOINT: mns.url,
      ALIBABA_MNS_QUEUES: "vod-events",
    },
    happens: (_, script) => void ([id = ""] = mns.publish(keyed("SnapshotComplete", { key: KEY, script }))),
    tryAgain() {},
    confirms: "success",
    patienceMs: 75_000,
    heard: () => mns.find(id) ?? { confirmations: 0 },
    swallowAnswers: () => mns.faults.inject({ action: "BatchDeleteMessage", ...swallow }),
    close: () => mns.close(),
  };
}

/** What a pulled event's confirmation is, the 200 is for a pushed one. */
export async function pushDoor(): Promise<Door> {
  let heard: ReturnType<Door["heard"]> = { confirmations: 0 };
  async function call(worker: WorkerProcess, script: Script): Promise<void> {
    const answers = await pushNow(worker, { key: KEY, script });
    if (answers.includes(200)) heard = { confirmedAt: Date.now(), confirmations: heard.confirmations + 1 };
  }
  return {
    env: PUSH_ENV,
    happens: (worker, script) => void call(worker, script),
    tryAgain: (worker, script) => void (heard.confirmations === 0 && call(worker, script)),
    confirms: "storage",
    patienceMs: 30_000,
    heard: () => heard,
    swallowAnswers() {},
    async close() {},
  };
}
