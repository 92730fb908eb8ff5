import { expect, test } from "vitest";
import { createReplicas } from "../../src/ledger/replicas.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, pushInboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms({ name: "tencent-vod/1500000001" });

test("the scripts build the same key names as the TypeScript code", async () => {
  const { redis, prefix, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 80 } });
  const { steps } = pushInboxOnRedis({ redis, keys });
  const [pulled, pushed] = [delivery(source, "f1"), delivery(source, "f2")];
  const sent = await inbox.turn(source, "pull");
  const event = await takeIn(inbox, source, pulled, sent);
  await inbox.mark(event, true);
  const isOver = sent + source.windowMs + 1_000;
  await inbox.quiet(source, { pull: "p", sent: isOver, isEmpty: false });
  const { isUnfilled } = await inbox.accept(source, isOver, [pulled]);
  expect(isUnfilled).toBe(true);
  const place = await inbox.place(source, 1);
  if (place.isFree) place.end(true);
  expect(await inbox.place(source, 1)).toMatchObject({ isFree: true });
  await steps.reserve({ id: "ev-pushed", fingerprint: pushed.fingerprint, source: source.name }, 100, 60_000);
  const about = {
    name: "host:1",
    version: "0.1.0",
    roles: [],
    running: 0,
    state: "ready",
    problems: [],
    upMs: 0,
  } as const;
  await createReplicas(redis, keys, 15_000).beat({ ...about, sources: [source.name] });
  const own = keys.keysOf(source.name);
  const found = (await keysUnder(redis, prefix))
    .filter((key) => !key.startsWith(own.queue("")))
    .map((key) => (key.startsWith(own.pace("")) ? own.pace("*") : key));
  await inbox.close();

  expect(new Set(found)).toEqual(
    new Set([
      own.event(pulled.fingerprint),
      own.push(pushed.fingerprint),
      own.unconfirmed,
      own.handled,
      own.receipts,
      own.waitingPushes,
      own.born,
      own.room,
      own.pulls,
      own.lost,
      own.unfilled,
      own.pace("*"),
      keys.shared.quota("tencent-vod:pull"),
      keys.shared.turns("tencent-vod:pull"),
      keys.shared.sources,
      keys.shared.replicas,
      keys.shared.pulse,
      keys.shared.layout,
    ]),
  );
  expect(await inbox.ran(event)).toBe(true);
});
