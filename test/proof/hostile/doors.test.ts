import { constant, oneof, record, uuid } from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { ForgedError } from "../../../src/core/errors.ts";
import type { PushInbox } from "../../../src/core/inbox.ts";
import { openReceivers } from "../../../src/worker/doors.ts";
import { inboxOnRedis, pushInboxOnRedis } from "../../support/redis-inbox.ts";
import { setupRedis } from "../../support/redis.ts";
import { type Doors, openDoors } from "./open-doors.ts";
import { payloadOf, withMembers } from "./payloads.ts";
import { type Call, CLEAN, type Conversation, conversation, isClean, isEndless, written } from "./raw-calls.ts";
import { talk } from "../../support/raw-http.ts";
import { holds, TIMEOUT } from "./runs.ts";
import { ENV, PUSHING } from "./vendors.ts";

/** The answers that the documents allow, and Node's own: 408 too slow, 417 unknown expectation, 431 head too large. */
const ANSWERS = new Set([200, 400, 401, 404, 408, 413, 417, 431, 503]);
const ENDING = Buffer.from("GET /healthz HTTP/1.1\r\nHost: worker.example\r\nConnection: close\r\n\r\n");
const ALIVE = /\{"alive":true\}/g;
/** The wait for calls that will certainly get no answer. */
const QUIET_MS = 40;

const MIB = 1024 * 1024;
/** A body in more pieces than this is refused. */
const MOST_PIECES = 4_096;

const WHOLE = { pieces: 1, cutAt: null };

const receivers = await openReceivers(readConfig(ENV));

test(
  "only genuine calls are accepted, after they are stored, and the server survives all others",
  TIMEOUT,
  async () => {
    const inbox = countingInbox();
    const doors = await openDoors(inbox);
    const seen = new Map<number, number>();
    await holds(
      "callback doors",
      conversation,
      async (one) => {
        inbox.pushes = 0;
        const { statuses, accepted } = await converse(doors, one);
        for (const status of statuses) {
          expect(ANSWERS).toContain(status);
          seen.set(status, (seen.get(status) ?? 0) + 1);
        }
        expect(accepted, "a 200 for what was not stored").toBeLessThanOrEqual(inbox.pushes);
        if (one.calls.every(({ signer }) => signer === "stranger")) expect(inbox.pushes).toBe(0);
        const [call, ...more] = one.calls;
        if (call && more.length === 0 && one.cutAt === null && isClean(call)) {
          expect(statuses[0]).toBe(answerTo(call));
          expect(inbox.pushes).toBe(accepted);
        }
        doors.expectQuiet();
      },
      [sized(MIB), sized(MIB + 1)],
    );
    if (process.env["HOSTILE_RUNS"]) console.log("answers", Object.fromEntries(seen));
  },
);

const events = oneof(
  ...PUSHING.map((vendor) => record({ vendor: constant(vendor), object: payloadOf(vendor.samples), key: uuid() })),
);

test("a genuine call that comes twice at the same moment is one event", TIMEOUT, async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  onTestFinished(() => inbox.close());
  const doors = await openDoors(pushInboxOnRedis({ redis, keys }));
  await holds("callback doors on Redis", events, async ({ vendor, object, key }) => {
    const call = { ...CLEAN, vendor, object: withMembers(object, [`"key":"${key}"`]) };
    const before = await inbox.queue.count();

    const talks = await Promise.all([0, 1].map(async () => await converse(doors, { calls: [call], ...WHOLE })));

    const answer = answerTo(call);
    expect(talks.map(({ statuses }) => statuses[0])).toEqual([answer, answer]);
    expect((await inbox.queue.count()) - before).toBe(answer === 200 ? 1 : 0);
    doors.expectQuiet();
  });
});

async function converse({ port }: Doors, { calls, pieces, cutAt }: Conversation) {
  const bytes = Buffer.concat([...calls.map((call) => written(call, seconds()).wire), ENDING]);
  const sent = cutAt === null ? bytes : bytes.subarray(0, Math.floor(cutAt * bytes.length));
  const quietMs = calls.some(isEndless) ? QUIET_MS : undefined;
  const { statuses, text } = await talk(port, sent, { pieces, cut: cutAt !== null, ...(quietMs && { quietMs }) });
  const alive = text.match(ALIVE)?.length ?? 0;
  if (alive === 0) expect((await talk(port, ENDING)).statuses, "it lives").toEqual([200]);
  return { statuses, accepted: statuses.filter((status) => status === 200).length - alive };
}

/** The answer that the vendor's receiver implies. */
function answerTo(call: Call): number {
  const { pushed } = written(call, seconds());
  if (pushed.body.length > MIB) return 413;
  if (call.framing === "chunks of a byte" && pushed.body.length > MOST_PIECES) return 413;
  try {
    receivers.find(({ vendor }) => vendor === call.vendor.name)?.receive(pushed);
    return 200;
  } catch (err) {
    return err instanceof ForgedError ? 401 : 503;
  }
}

/** A genuine call with a body of exactly this size. */
function sized(bytes: number): Conversation {
  const call = { ...CLEAN, raw: new Uint8Array(bytes) };
  return { calls: [call], ...WHOLE };
}

function countingInbox(): PushInbox & { pushes: number } {
  return {
    pushes: 0,
    async push({ bodyJson }) {
      this.pushes += 1;
      expect(JSON.parse(bodyJson)).toBeTypeOf("object");
      return "add";
    },
  };
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
