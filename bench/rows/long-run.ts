/** Very many events through one process. The row shows whether memory grows with events confirmed long ago. */
import { MB } from "../kit/numbers.ts";
import { z } from "zod";
import { Cost } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { publishAll, startVendor } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

const LOOKS = 10;
/** The most events at a time. The row on backlogs measures events that wait. */
const MAX_AT_ONCE = 10_000;

export const longRun = createRow({
  measure: ({ options: { many: events, concurrency }, step }) =>
    step(`long run: ${events} events`, (signal) => measure(events, concurrency, signal)),
  figures: (looks) => [["RSS at the end of a long run, against after a tenth", "lower", [growthOf(looks)]]],
  sections: (looks, { many }) => [{ title: `${cell([many])} events through one process`, table: reportOf(looks) }],
});

type Look = {
  readonly events: number;
  readonly worker: Cost;
  readonly redisBytes: number;
  readonly redisKeys: number;
};

function measure(events: number, concurrency: number, signal: AbortSignal): Promise<readonly Look[]> {
  return inNewWorld(async ({ redisUrl, redisCost, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const atOnce = Math.min(MAX_AT_ONCE, Math.ceil(events / LOOKS));
    const env = await startVendor(simulator, { historyLimit: atOnce });
    await worker.ask("start", { redisUrl, env, concurrency }, z.undefined());
    const looks: Look[] = [];
    for (let sent = 0; sent < events;) {
      await publishAll(simulator, atOnce);
      sent += atOnce;
      // The part notes each start, which would look like a leak.
      await worker.ask("forget", undefined, z.undefined());
      if (sent < ((looks.length + 1) * events) / LOOKS) continue;
      const cost = await worker.ask("cost", undefined, Cost);
      const { usedBytes, keys } = await redisCost();
      looks.push({ events: sent, worker: cost, redisBytes: usedBytes, redisKeys: keys });
    }
    return looks;
  }, signal);
}

function growthOf(looks: readonly Look[]): number {
  return (looks.at(-1)?.worker.rssBytes ?? NaN) / (looks[0]?.worker.rssBytes ?? NaN);
}

function reportOf(looks: readonly Look[]): string {
  const shown = looks.filter((_, index) => index === 0 || index === LOOKS / 2 - 1 || index === looks.length - 1);
  const row = (label: string, value: (look: Look) => number): Row => [
    label,
    ...shown.map((look) => cell([value(look)])),
  ];
  return tableOf([
    ["after so many events", ...shown.map(({ events }) => cell([events]))],
    row("RSS, MB", ({ worker }) => worker.rssBytes / MB),
    row("heap in use, MB", ({ worker }) => worker.heapBytes / MB),
    row("most RSS so far, MB", ({ worker }) => worker.peakRssBytes / MB),
    row("Redis, MB", ({ redisBytes }) => redisBytes / MB),
    row("Redis keys", ({ redisKeys }) => redisKeys),
  ]);
}
