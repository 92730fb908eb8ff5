/** Every vendor of a soak, in one process, and a receiver for what is forwarded. */
import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";
import { startSteady } from "../../src/simulators/kit/steady.ts";
import { type DoorOptions, openMns, openPush, openSqs, openTencent, type OpenDoor } from "../soak/doors.ts";
import { type Door, DOORS, errandOf } from "../soak/errand.ts";
import type { VendorAddresses, VendorCounts } from "../soak/replies.ts";
import { serve } from "../serve.ts";

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
  /** Publishing pauses while a door has this many seconds of its events unconfirmed. */
  mostBehindSeconds: z.number(),
});

const doors = new Map<Door, OpenDoor>();
let options: DoorOptions | undefined;
let load: readonly { close(): void }[] = [];
let published = 0;
let failures = 0;
let pauses = 0;

serve({
  async start(input): Promise<VendorAddresses> {
    options = Start.parse(input);
    const [tencent, mns, sqs] = [await openTencent(options), await openMns(options), await openSqs(options)];
    doors.set("pull", tencent).set("mns", mns).set("sqs", sqs);
    return { tencentUrl: tencent.url, mnsUrl: mns.url, sqsQueueUrl: sqs.queueUrl, sinkUrl: await startSink() };
  },
  /** Plain ones, as fast as they are taken. */
  fill(input) {
    for (let left = z.number().parse(input); left > 0; left -= 1)
      doors.get("pull")?.publish({ n: published++, failures: 0, takesMs: 0, forwards: false });
  },
  load(input) {
    const { workerUrl, rates, mostBehindSeconds } = Load.parse(input);
    const { seed, windowMs } = started();
    if (rates.push > 0) doors.set("push", openPush(workerUrl, seed + 1));
    const open = [...doors].filter(([name]) => rates[name] > 0);
    load = open.map(([name, door]) => {
      door.stir();
      const most = Math.ceil(rates[name] * mostBehindSeconds);
      return startSteady({
        rate: rates[name],
        room: () => most - door.counts().unconfirmed,
        step(nth) {
          const errand = errandOf(name, nth, published++, windowMs);
          failures += errand.failures;
          door.publish(errand);
        },
        onPause: (paused) => (pauses += Number(paused)),
      });
    });
  },
  unload() {
    for (const { close } of load) close();
    for (const door of doors.values()) door.calm();
  },
  counts(): VendorCounts {
    const all = [...doors.values()].map((door) => door.counts());
    const sum = (of: (counts: (typeof all)[number]) => number | undefined): number =>
      all.reduce((total, counts) => total + (of(counts) ?? 0), 0);
    return {
      published,
      failures,
      pauses,
      confirmed: sum(({ confirmed }) => confirmed),
      unconfirmed: sum(({ unconfirmed }) => unconfirmed),
      redelivered: sum(({ redelivered }) => redelivered),
      lostPushes: sum(({ lost }) => lost),
      faults: sum(({ faults }) => faults),
    };
  },
});

function started(): DoorOptions {
  if (!options) throw new Error("the vendors were not started");
  return options;
}

async function startSink(): Promise<string> {
  const server = createServer((request, response) => void request.resume().on("end", () => response.end("taken")));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}/`;
}
