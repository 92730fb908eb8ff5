/** Every vendor of a soak in one process, and a receiver for forwarded events. */
import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";
import type { Door } from "../../src/simulators/kit/door.ts";
import { startSteady } from "../../src/simulators/kit/steady.ts";
import { serve } from "../kit/serve.ts";
import { openDoors, type SoakDoors } from "../soak/doors.ts";
import { DOORS, type EventPlan, planOf } from "../soak/event-plan.ts";
import type { VendorCounts, Vendors } from "../soak/replies.ts";

const Start = z.object({
  seed: z.number(),
  windowMs: z.number(),
  longPollMs: z.number(),
  callsPerSecond: z.number(),
  allDoors: z.boolean(),
});
const Load = z.object({
  workerUrl: z.string(),
  rates: z.record(z.enum(DOORS), z.number()),
  /** Publishing pauses while this many seconds of a door's events are unconfirmed. */
  mostBehindSeconds: z.number(),
});

/** Longer than any client keeps a connection. */
const KEEP_ALIVE_MS = 3_600_000;

let doors: SoakDoors | undefined;
let windowMs = 0;
let load: readonly { close(): void }[] = [];
let published = 0;
let failures = 0;
let pauses = 0;

serve({
  async start(input): Promise<Vendors> {
    const options = Start.parse(input);
    windowMs = options.windowMs;
    doors = await openDoors(options);
    return { env: doors.env, sinkUrl: await startSink() };
  },
  /** Publishes plain events as fast as they are taken. */
  fill(input) {
    const door = started().doors["tencent-vod"];
    for (let left = z.number().parse(input); left > 0; left -= 1)
      publish(door, { n: published++, failures: 0, takesMs: 0, forwards: false });
  },
  load(input) {
    const { workerUrl, rates, mostBehindSeconds } = Load.parse(input);
    const { callWorkerAt, startFaults } = started();
    callWorkerAt(workerUrl);
    startFaults();
    load = DOORS.flatMap((name) => {
      const door = started().doors[name];
      const rate = rates[name];
      if (!door || rate === 0) return [];
      const most = Math.ceil(rate * mostBehindSeconds);
      const step = (nth: number): void => {
        const plan = planOf(name, nth, published++, windowMs);
        failures += plan.failures;
        publish(door, plan);
      };
      return [startSteady({ rate, room: () => most - door.counts().unconfirmed, step, onPause: notePause })];
    });
  },
  unload() {
    for (const { close } of load) close();
    started().endFaults();
  },
  counts(): VendorCounts {
    const { confirmed, unconfirmed, redelivered, lost } = started().counts();
    return {
      published,
      failures,
      pauses,
      confirmed,
      unconfirmed,
      redelivered,
      lostPushes: lost,
      faults: started().hits(),
    };
  },
});

function notePause(paused: boolean): void {
  pauses += Number(paused);
}

function publish(door: Door, Soak: EventPlan): void {
  door.publish({ ...door.sample(), Soak });
}

function started(): SoakDoors {
  if (!doors) throw new Error("the vendors were not started");
  return doors;
}

async function startSink(): Promise<string> {
  const server = createServer((request, response) => void request.resume().on("end", () => response.end("taken")));
  // By default Node closes a kept connection after 5 s. On a busy machine the worker may send at that moment.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}/`;
}
