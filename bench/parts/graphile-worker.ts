/**
 * A queue on PostgreSQL in place of ours. Each pulled event becomes a job of `graphile-worker`, and is on disk before
 * the next pull. It is confirmed after its handler. Jobs are fetched and ended in batches, as the manual advises for
 * speed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, makeWorkerUtils, run, type WorkerUtils } from "graphile-worker";
import { z } from "zod";
import { noteStart, serveConsumer } from "./handling.ts";
import { openSdk, SdkEnv } from "./sdk.ts";

const Start = z.object({ postgresUrl: z.string(), concurrency: z.number(), env: SdkEnv });
const Job = z.looseObject({ EventHandle: z.string() });
type Sdk = ReturnType<typeof openSdk>;

const BATCH = 16;
/** A confirmation waits this long for others to join its batch. */
const LINGER_MS = 20;
/** Pulls in parallel, like the worker. */
const LANES = 8;
const MAX_CONNECTIONS = 32;
const SILENT = new Logger(() => () => {});

serveConsumer(async (input) => {
  const { postgresUrl: connectionString, concurrency, env } = Start.parse(input);
  const shared = { connectionString, logger: SILENT, maxPoolSize: MAX_CONNECTIONS };
  const utils = await makeWorkerUtils(shared);
  await utils.migrate();
  const sdk = openSdk(env);
  const confirm = batchesOf(sdk);
  await run({
    ...shared,
    preset: { worker: { localQueue: { size: concurrency + 1 }, completeJobBatchDelay: 0 } },
    concurrency,
    noHandleSignals: true,
    taskList: {
      event(payload) {
        const event = Job.parse(payload);
        noteStart(event);
        confirm(event.EventHandle);
      },
    },
  });
  for (let lane = 0; lane < LANES; lane += 1) void loop(sdk, utils);
});

async function loop({ pull }: Sdk, utils: WorkerUtils): Promise<never> {
  for (;;) {
    const events = await pull();
    await Promise.all(events.map((event) => utils.addJob("event", event, { jobKey: event.EventHandle })));
  }
}

function batchesOf({ confirm }: Sdk): (handle: string) => void {
  let waiting: string[] = [];
  const flush = (): void => {
    const handles = waiting;
    waiting = [];
    if (handles.length > 0) void confirm(handles);
  };
  return (handle) => {
    if (waiting.push(handle) === BATCH) flush();
    else if (waiting.length === 1) void sleep(LINGER_MS).then(flush);
  };
}
